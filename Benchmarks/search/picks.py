#!/usr/bin/env python3
"""Does what is learnt around one pick help around the others? Three picks of stage two searched in turn, together and apart.

    swift build -c release
    python3 picks.py [--seeds 20] [--budget 30]

Told is the share of the best hypervolume that any of these searches found around the same pick, after some evaluations of each pick.
"""
import argparse
import json
import statistics
import subprocess

from compare import PROGRAM, front, shares, volume

WAYS = {"model, together": ["model"], "model, apart": ["model", "--apart"], "evolution": ["paper", "--apart"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--budget", type=int, default=30)
    options = parser.parse_args()
    found = {}
    for way, (searcher, *words) in WAYS.items():
        command = [PROGRAM, "picks", searcher, "1", str(options.seeds), str(options.budget), *words]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        found[way] = [json.loads(line) for line in lines]
    picks = sorted({line["pick"] for lines in found.values() for line in lines})
    best = {}
    for pick in picks:
        points = [tuple(point) for lines in found.values() for line in lines if line["pick"] == pick for point in line["points"]]
        end = max(cost for _, cost in points)
        best[pick] = (volume(front(points), end), end)
    counts = [count for count in (10, 15, 20, 30, 50, 100) if count <= options.budget]
    print("| way | pick | " + " | ".join(map(str, counts)) + " |")
    print("|---|---|" + "---|" * len(counts))
    for way, lines in found.items():
        for pick in picks:
            courses = [shares(line["points"], *best[pick]) for line in lines if line["pick"] == pick]
            cells = [f"{statistics.median(course[count - 1] for course in courses):.3f}" for count in counts]
            print(f"| {way} | {pick} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()

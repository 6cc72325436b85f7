"""Non-dominated sorting and hypervolume beside pymoo's, in turns: compare.py [POINTS] [ROUNDS].

Both get the same random points of two objectives; their ranks must be the same and their volumes agree to 1e-12. A round
is a hundred repetitions of each; the table has the medians over all of them. Processes run one after another.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import pymoo
from pymoo.indicators.hv import HV
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

HERE = os.path.dirname(os.path.abspath(__file__))
REPEATS = 100


def of_pymoo(points):
    # Its fastest ways here: the default sort takes 276 ms for 5,000 points, and the default volume begins with that sort.
    sorting, indicator = NonDominatedSorting(method="fast_best_order_sort"), HV(ref_point=numpy.ones(2), nds=False)
    outcome = {"sort": [], "hypervolume": []}
    for _ in range(REPEATS):
        start = time.perf_counter()
        fronts = sorting.do(points)
        outcome["sort"].append(time.perf_counter() - start)
        start = time.perf_counter()
        outcome["volume"] = float(indicator(points))
        outcome["hypervolume"].append(time.perf_counter() - start)
    ranks = numpy.zeros(len(points), dtype=int)
    for rank, front in enumerate(fronts):
        ranks[front] = rank
    return dict(outcome, ranks=ranks.tolist())


def of_smnas(path):
    command = [f"{HERE}/.build/release/pareto-benchmark", path, str(REPEATS)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    points = numpy.random.default_rng(7).random((count, 2))
    outcomes = {"smnas": [], "pymoo": []}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(points.tolist(), file)
        file.flush()
        for _ in range(rounds):
            outcomes["smnas"].append(of_smnas(file.name))
            outcomes["pymoo"].append(of_pymoo(points))
    ours, theirs = outcomes["smnas"][0], outcomes["pymoo"][0]
    if ours["ranks"] != theirs["ranks"] or abs(ours["volume"] - theirs["volume"]) > 1e-12:
        sys.exit("the outcomes differ")
    print(f"{count} points, {max(ours['ranks']) + 1} fronts, pymoo {pymoo.__version__}")
    print("| | smnas ms | pymoo ms | pymoo over smnas |")
    print("|---|---|---|---|")
    for part in ("sort", "hypervolume"):
        ours, theirs = (1e3 * statistics.median(t for one in outcomes[name] for t in one[part]) for name in outcomes)
        print(f"| {part} | {ours:.3f} | {theirs:.3f} | {theirs / ours:.2f} |")


main()

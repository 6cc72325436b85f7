"""All evaluators on the same files, in turns: side_by_side.py FOLDER ROUNDS [--only NAME,…] [--threads 1,2] COUNT…

FOLDER holds truth.json and COUNT.json of make_detections.py. Every round runs each evaluator once, one after another, so
that a busy spell of the machine meets all; the table has the medians. What is measured is what a user runs: whole
processes, `smnas evaluate` here and Python with its imports there, by the wall clock from start to exit, by the processor
time of all threads, and by the peak of their memory; "of smnas" is of processor seconds. The last column has the seconds
from opening the first file to the twelve numbers, inside the process, which evaluate-benchmark takes for smnas (where it is
built). Says so when numbers differ by more than 1e-12.
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SMNAS = f"{HERE}/../../.build/release/smnas"
INSIDE = f"{HERE}/.build/release/evaluate-benchmark"
PEERS = ["ultrafast-pycocotools", "hotcoco", "faster-coco-eval", "pycocotools"]
NUMBERS = ["AP", "AP50", "AP75", "APsmall", "APmedium", "APlarge", "AR1", "AR10", "AR100", "ARsmall", "ARmedium", "ARlarge"]


def process(command, threads):
    """Runs a command to its end; gives its output and what the whole process took."""
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), RAYON_NUM_THREADS=str(threads))
    start = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {child.returncode}")
    return out.decode(), {"seconds": wall, "processor": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss / 1024}


def run(name, folder, count, threads):
    truth, found = f"{folder}/truth.json", f"{folder}/{count}.json"
    if name == "smnas":
        out, spent = process(
            [SMNAS, "evaluate", "--truth", truth, "--detections", found, "--threads", str(threads), "--json"], threads)
        answer = json.loads(out)
        inside = float("nan")
        if os.path.exists(INSIDE):
            inside = json.loads(process([INSIDE, truth, found, str(threads)], threads)[0])["seconds"]
        return dict(spent, inside=inside, stats=[answer[key] for key in NUMBERS])
    out, spent = process([sys.executable, f"{HERE}/one_run.py", name, truth, found], threads)
    answer = json.loads(out.splitlines()[-1])
    return dict(spent, inside=answer["seconds"], stats=answer["stats"])


def shown(seconds):
    return "-" if math.isnan(seconds) else f"{seconds:.3f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("rounds", type=int)
    parser.add_argument("counts", nargs="+")
    parser.add_argument("--only", default=",".join(["smnas", *PEERS]))
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--json", help="also write every run to this file")
    asked = parser.parse_args()
    names = asked.only.split(",")
    every = []
    print("| detections | threads | evaluator | seconds | processor seconds | peak MB | of smnas | inside, seconds |")
    print("|---|---|---|---|---|---|---|---|")
    for count in asked.counts:
        for threads in map(int, asked.threads.split(",")):
            results = {name: [] for name in names}
            for _ in range(asked.rounds):
                for name in names:
                    one = run(name, asked.folder, count, threads)
                    results[name].append(one)
                    every.append(dict(one, name=name, count=count, threads=threads))
            stats = results[names[0]][0]["stats"]
            for name in names:
                worst = max(abs(a - b) for a, b in zip(stats, results[name][0]["stats"]))
                if worst > 1e-12:
                    print(f"{name} differs from {names[0]} by {worst}", file=sys.stderr)
            base = statistics.median(one["processor"] for one in results[names[0]])
            for name in names:
                wall, processor, peak, inside = (statistics.median(one[key] for one in results[name]) for key in
                                                 ("seconds", "processor", "megabytes", "inside"))
                print(f"| {count} | {threads} | {name} | {wall:.3f} | {processor:.3f} | {peak:.0f} "
                      f"| {processor / base:.2f} | {shown(inside)} |", flush=True)
    if asked.json:
        json.dump(every, open(asked.json, "w"))


main()

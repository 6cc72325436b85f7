"""All evaluators on the same files, in turns: side_by_side.py FOLDER ROUNDS [--only NAME,…] [--threads 1,2] COUNT…

FOLDER holds truth.json and COUNT.json of make_detections.py. Every round runs each evaluator once, one after another, so
that a busy spell of the machine meets all; the table has the medians. Seconds are of the wall clock from opening the
first file to the twelve numbers (imports are not counted), processor seconds are those of all threads, the memory is
the peak of the whole process and, in brackets, what it was before the first file. Says so when numbers differ by more than 1e-12.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = ["ultrafast-pycocotools", "hotcoco", "faster-coco-eval", "pycocotools"]


def run(name, folder, count, threads):
    files = [f"{folder}/truth.json", f"{folder}/{count}.json"]
    if name == "smnas":
        command = [f"{HERE}/.build/release/evaluate-benchmark", *files, str(threads)]
    else:
        command = [sys.executable, f"{HERE}/one_run.py", name, *files]
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), RAYON_NUM_THREADS=str(threads))
    out = subprocess.run(command, env=environment, capture_output=True, text=True)
    if out.returncode != 0:
        sys.exit(f"{name} failed on {count}: {out.stderr[-2000:]}")
    return json.loads(out.stdout.splitlines()[-1])


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
    print("| detections | threads | evaluator | seconds | processor seconds | peak MB (before) | of smnas |")
    print("|---|---|---|---|---|---|---|")
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
                wall, processor, peak, start = (statistics.median(one[key] for one in results[name]) for key in
                                                ("seconds", "processor", "peak_megabytes", "start_megabytes"))
                print(f"| {count} | {threads} | {name} | {wall:.3f} | {processor:.3f} | {peak:.0f} ({start:.0f}) "
                      f"| {processor / base:.2f} |", flush=True)
    if asked.json:
        json.dump(every, open(asked.json, "w"))


main()

#!/usr/bin/env python3
"""Images a second of one training done in several ways, in turn: which pays?

    python3 ways.py ../../.build/release/smnas processes    # two threads in one process, or two processes of one thread
    python3 ways.py ../../.build/release/smnas freezing     # weights of which more and more is left as loaded
    python3 ways.py ../../.build/release/smnas waiting      # OpenMP's threads that keep their core while they wait, or leave it
    python3 ways.py ../../.build/release/smnas waiting --busy 2    # the same while other programs want both cores

The second epoch's speed counts; the median of the rounds is shown. The machine should have nothing else to do.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile

DETECTION = {"trainProposals": 500, "testProposals": 300, "proposalSamples": 128, "headSamples": 128, "headWidth": 256}


def recipe(norm="batch", **change):
    return {"extends": "small", "epochs": 2, "evaluateEvery": 2, "batch": 4, "norm": norm, "detection": DETECTION,
            "latency": {"warmupRuns": 1, "runs": 1}, **change}


WAYS = {
    "processes": {
        "design": "192x192 | resnet18 32 | fpn P2-P5 96 | rpn | rcnn",
        "images": 160,
        "ways": [
            ("1 process, 1 thread", recipe("group"), ["--processes", "1", "--threads", "1"]),
            ("1 process, 2 threads", recipe("group"), ["--processes", "1", "--threads", "2"]),
            ("2 processes, 1 thread each", recipe("group"), ["--processes", "2", "--threads", "1"]),
        ]},
    "freezing": {
        "design": "256x256 | resnet50 | fpn P2-P5 128 | rpn | rcnn",
        "images": 16,
        "ways": [
            ("all trained, statistics of batches", recipe(frozenStages=0, fixedStatistics=False), ["--threads", "1"]),
            ("all trained, fixed statistics", recipe(frozenStages=0, fixedStatistics=True), ["--threads", "1"]),
            ("stem and first stage frozen, fixed statistics", recipe(frozenStages=1, fixedStatistics=True), ["--threads", "1"]),
            ("stem and first stage frozen, norms frozen", recipe("frozenBatch", frozenStages=1), ["--threads", "1"]),
            ("stem and two stages frozen, norms frozen", recipe("frozenBatch", frozenStages=2), ["--threads", "1"]),
            ("whole backbone frozen, norms frozen", recipe("frozenBatch", frozenStages=4), ["--threads", "1"]),
        ]},
    # A way may set variables of the surroundings as well. 300,000 is what libgomp does by itself.
    "waiting": {
        "design": "96x96 | resnet18 16 | fpn P1-P4 32 | rpn | rcnn",
        "images": 160,
        "ways": [
            ("300,000 looks before a thread sleeps", recipe("group"), ["--threads", "2"], {"GOMP_SPINCOUNT": "300000"}),
            ("50,000, as smnas has it", recipe("group"), ["--threads", "2"], {"GOMP_SPINCOUNT": "50000"}),
            ("none at all", recipe("group"), ["--threads", "2"], {"OMP_WAIT_POLICY": "passive"}),
            ("1 thread", recipe("group"), ["--threads", "1"], {}),
        ]},
}


def write(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file)
    return path


def train(program, folder, number, design, plan, recipe, words, surroundings=None):
    output = os.path.join(folder, f"training{number}")
    told = subprocess.run(
        [program, "train", design, "--plan", plan, "--recipe", write(os.path.join(folder, "recipe.json"), recipe),
         "--output", output, "--json", *words], check=True, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **(surroundings or {})}).stdout
    events = [json.loads(line) for line in told.splitlines()]
    speeds = [event["metrics"]["imagesPerSecond"] for event in events if event["event"] == "epoch"]
    return speeds[-1], output


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="smnas")
    parser.add_argument("table", choices=list(WAYS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--busy", type=int, default=0, help="loops that run meanwhile and do nothing")
    options = parser.parse_args()
    table = WAYS[options.table]
    with tempfile.TemporaryDirectory() as folder:
        def source(count, seed):
            return {"format": "shapes", "count": count, "size": table["design"].split()[0], "seed": seed}
        plan = write(os.path.join(folder, "plan.json"), {
            "name": "ways", "data": {"train": source(table["images"], 1), "validation": source(4, 2)},
            "structural": {"recipe": "small", "trials": 1}})
        weights, number, found = [], 0, [[] for _ in table["ways"]]
        if options.table == "freezing":
            _, output = train(options.program, folder, number, table["design"], plan, {**recipe(), "epochs": 1, "evaluateEvery": 1}, [])
            weights = ["--weights", os.path.join(output, "weights.safetensors")]
        loops = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(options.busy)]
        try:
            for _ in range(options.rounds):
                for speeds, (_, asked, words, *surroundings) in zip(found, table["ways"]):
                    number += 1
                    speeds.append(train(options.program, folder, number, table["design"], plan, asked, words + weights, *surroundings)[0])
        finally:
            for loop in loops:
                loop.kill()
        print(f"`{table['design'].replace('|', '/')}`, batch 4, median of {options.rounds}\n\n| way | images/s | of the first |\n|---|---|---|")
        first = statistics.median(found[0])
        for speeds, (name, *_) in zip(found, table["ways"]):
            speed = statistics.median(speeds)
            print(f"| {name} | {speed:.2f} ({min(speeds):.2f}–{max(speeds):.2f}) | {speed / first:.2f}x |")


if __name__ == "__main__":
    main()

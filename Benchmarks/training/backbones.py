#!/usr/bin/env python3
"""Finals whose backbones learn to classify crops of the training site before, and finals from scratch: AP50 on the other site.

    python3 backbones.py ../../.build/release/smnas FOLDER [--seeds 3] [--epochs 30]

One design with the demo's final recipe, a run for each way and seed in FOLDER; goes on where it was stopped. Needs Pillow.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.dirname(HERE))
from plans import read_plan

EXAMPLES = os.path.join(HERE, "../../Examples")
TREES = os.path.join(HERE, "../../.deps/trees/train")
DESIGN = "160x160 | resnet18 16 | fpn P1-P3 48 | rpn | cascade 2"


def make_plan(folder, way, seed, arguments):
    plan = read_plan(os.path.join(EXAMPLES, "trees.json"))
    for stage in ("structural", "modular"):
        plan.pop(stage)
    final = plan["final"]
    final.pop("count")
    final.update(designs=[DESIGN], objectives=["AP50", "macs"])
    if way == "crops":
        final["classification"] = {
            "data": os.path.join(folder, "crops"), "input": "64x64",
            "recipe": {"extends": "pretrain", "epochs": arguments.epochs, "batch": 32}}
    plan.update(seed=seed, cache=False)
    path = os.path.join(folder, f"{way}-{seed}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(plan, file, indent=2)
    return path


def average_precision(program, folder, way, seed, arguments):
    run = os.path.join(folder, f"{way}-{seed}")
    subprocess.run(
        [program, "search", make_plan(folder, way, seed, arguments), "--run", run] + (["--resume"] if os.path.exists(run) else []), check=True,
        stdout=subprocess.DEVNULL)
    listed = subprocess.run([program, "trials", run, "--json"], check=True, capture_output=True, text=True).stdout
    return [json.loads(line)["metrics"]["AP50"] for line in listed.splitlines()][-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=30, help="of a backbone")
    arguments = parser.parse_args()
    folder = os.path.abspath(arguments.folder)
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists(os.path.join(folder, "crops")):
        subprocess.run([sys.executable, os.path.join(HERE, "crops.py"), TREES, os.path.join(folder, "crops")], check=True)
    print("| backbone | AP50, a seed each | mean |\n|---|---|---|", flush=True)
    for way in ("scratch", "crops"):
        values = [average_precision(arguments.program, folder, way, seed, arguments) for seed in range(1, arguments.seeds + 1)]
        print(f"| {way} | {', '.join(f'{value:.3f}' for value in values)} | {statistics.mean(values):.3f} |", flush=True)


if __name__ == "__main__":
    main()

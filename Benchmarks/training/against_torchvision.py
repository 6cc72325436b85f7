#!/usr/bin/env python3
"""Accuracy and speed of whole trainings beside torchvision's, on the same images and by the same recipe.

    swift build -c release && export-dataset …   (done by this script)
    python3 against_torchvision.py ../../.build/release/smnas --case small
    python3 against_torchvision.py ../../.build/release/smnas --case usual --speed

Needs torch, torchvision and pycocotools in the Python that runs it. Both sides read the same PNG files, have one thread to compute
and one to load, and are judged by pycocotools. With --speed nothing is judged, and the machine should be calm: both sides train on a few of
the images in turn, and the second epoch's images a second are compared.
"""
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from statistics import median

from cases import CASES
from trainings import DATA, HERE, Results, arguments, carried_out, deviation, mean

SIDES = ("smnas", "torchvision")
SEEDS = (1, 2, 3)


def exported(data):
    """Folders with the images of both sets; made once."""
    exporter = os.path.join(HERE, ".build", "release", "export-dataset")
    folders = {}
    for part, source in DATA[data]().items():
        folder = folders[part] = os.path.join(HERE, ".build", "data", data, part)
        if not os.path.exists(os.path.join(folder, "instances.json")):
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                json.dump(source, file)
                file.flush()
                subprocess.run([exporter, file.name, folder], check=True)
    return folders


def first_images(folder, count):
    """A folder with the first images of another."""
    few = f"{folder}-{count}"
    os.makedirs(few, exist_ok=True)
    if not os.path.exists(os.path.join(few, "images")):
        os.symlink(os.path.join(folder, "images"), os.path.join(few, "images"))
    truth = json.load(open(os.path.join(folder, "instances.json")))
    truth["images"] = truth["images"][:count]
    kept = {image["id"] for image in truth["images"]}
    truth["annotations"] = [box for box in truth["annotations"] if box["image_id"] in kept]
    json.dump(truth, open(os.path.join(few, "instances.json"), "w"))
    return few


def coco(folder):
    return {"format": "coco", "annotations": os.path.join(folder, "instances.json"), "images": os.path.join(folder, "images")}


def ours(program, case, folders, seed, threads, epochs, evaluates):
    from pycocotools.coco import COCO
    from torchvision_training import average_precision
    with tempfile.TemporaryDirectory() as folder:
        recipe = {**case["recipe"], "epochs": epochs, "evaluateEvery": epochs}
        data = {part: coco(path) for part, path in folders.items()}
        events = carried_out(program, folder, case["design"], recipe, data, seed, threads)
        if events[-1]["event"] != "finished":
            raise SystemExit(f"the training did not end: {events[-1]}")
        of_epochs = [e["metrics"] for e in events if e["event"] == "epoch"]
        result = {"imagesPerSecond": [m["imagesPerSecond"] for m in of_epochs], "waiting": [m["waiting"] for m in of_epochs if "waiting" in m]}
        if evaluates:
            with contextlib.redirect_stdout(io.StringIO()):
                truth = COCO(os.path.join(folders["validation"], "instances.json"))
            result.update(average_precision(truth, json.load(open(os.path.join(folder, "detections.json")))))
        return result


def theirs(case_name, folders, seed, threads, epochs, evaluates):
    training = {**folders, "case": case_name, "seed": seed, "threads": threads, "epochs": epochs, "evaluates": evaluates}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(training, file)
        file.flush()
        words = [sys.executable, os.path.join(HERE, "torchvision_training.py"), file.name]
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
        return json.loads(subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, env=environment).stdout)


def train(side, options, folders, seed, epochs, evaluates):
    case = CASES[options.case]
    if side == "smnas":
        return ours(options.program, case, folders, seed, options.threads, epochs, evaluates)
    return theirs(options.case, folders, seed, options.threads, epochs, evaluates)


def speed(options):
    print(f"{CASES[options.case]['design']}, batch {CASES[options.case]['recipe']['batch']}, {options.threads} thread(s)")
    print("| data | smnas, images/s | waiting | torchvision | waiting | ratio |\n|---|---|---|---|---|---|")
    for data in options.data:
        folders = {part: first_images(folder, options.images) for part, folder in exported(data).items()}
        found = {side: [] for side in SIDES}
        for round in range(options.rounds):
            for side in SIDES:
                found[side].append(train(side, options, folders, round + 1, 2, False))
        speeds = {side: median([r["imagesPerSecond"][-1] for r in found[side]]) for side in SIDES}
        waits = {side: median([r["waiting"][-1] for r in found[side] if r["waiting"]] or [float("nan")]) for side in SIDES}
        print(f"| {data} | {speeds['smnas']:.2f} | {100 * waits['smnas']:.1f} % | {speeds['torchvision']:.2f} | "
              f"{100 * waits['torchvision']:.1f} % | {speeds['smnas'] / speeds['torchvision']:.2f}x |", flush=True)


def accuracy(options):
    results = Results(options.results)
    epochs = CASES[options.case]["recipe"]["epochs"]

    def training(data, side, seed):
        return {"case": options.case, "data": data, "side": side, "seed": seed, "epochs": epochs}

    if not options.show:
        for data in options.data:
            folders = exported(data)
            for seed in SEEDS:
                for side in SIDES:
                    asked = training(data, side, seed)
                    if results.of(asked) is None:
                        results.add(asked, **train(side, options, folders, seed, epochs, True))
    print(f"{CASES[options.case]['design']}, {epochs} epochs, {len(SEEDS)} seeds, mean ± deviation")
    print("| data | smnas AP50 | torchvision AP50 | smnas AP | torchvision AP |\n|---|---|---|---|---|")
    for data in options.data:
        cells = [data]
        for metric in ("AP50", "AP"):
            for side in SIDES:
                values = [r[metric] for r in (results.of(training(data, side, seed)) for seed in SEEDS) if r]
                cells.append(f"{mean(values):.3f} ± {deviation(values):.3f}" if len(values) == len(SEEDS) else "–")
        print("| " + " | ".join(cells) + " |")


def main():
    parser = arguments(__doc__, "against_torchvision.jsonl")
    parser.add_argument("--case", choices=list(CASES), default="small")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, default=48, help="images of an epoch with --speed")
    options = parser.parse_args()
    (speed if options.speed else accuracy)(options)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""A worker for `smnas search` that uses nothing of smnas: python3 worker.py JOB.json

It reads a design out of the job and reports results of a toy objective as events, one JSON object a line. Put a training of
your own in the place of `quality` and `milliseconds`. Standard output is for events; anything else goes to standard error,
which the search keeps as the trial's log.txt.
"""
import json
import re
import sys

HEADS = {"rcnn": 0.60, "retinanet": 0.58, "cascade 2": 0.64, "cascade 3": 0.67, "cascade 4": 0.68}


def report(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


def parts(design):
    """Pixels, depth and head of `192x192 | resnet18 24 | fpn P1-P3 64 | rpn | rcnn`."""
    size, backbone, _, _, head = (part.strip() for part in design.split("|"))
    width, height = map(int, size.split("x"))
    return width * height, int(re.search(r"\d+", backbone).group()), head


def quality(pixels, depth, head):
    return HEADS[head] * pixels / (pixels + 20_000) * depth / (depth + 8)


def milliseconds(pixels, depth, head):
    return pixels * depth / 100_000 + 5 * HEADS[head]


def main(path):
    with open(path, encoding="utf-8") as file:
        job = json.load(file)
    if job["version"] != 1:
        report("failed", reason=f"this worker reads jobs of version 1, not {job['version']}")
        return 1
    print("training", job["design"], "with seed", job["seed"], file=sys.stderr)
    design = parts(job["design"])
    epochs = job["recipe"]["epochs"]
    report("started", parameters=1000 * design[1], epochs=epochs, trainingImages=0, validationImages=0)
    for epoch in range(1, epochs + 1):
        report("epoch", epoch=epoch, metrics={"loss": 1 / epoch})
    report("finished", metrics={"AP": quality(*design), "latency": milliseconds(*design)})
    return 0


sys.exit(main(sys.argv[1]))

"""Fills a run with thousands of trials as if a search had made them, so that pages of that size can be looked at.

    python3 many_trials.py RUN COUNT

The run must have been begun by smnas search and hold no more than a few trials; its plan, versions and folders stay.
"""
import itertools
import json
import math
import random
import sqlite3
import sys

INPUTS = [f"{side}x{side}" for side in range(256, 832, 32)]
BACKBONES = [f"basicblock {base} {stages}" for base in (16, 24, 32, 48, 56, 64)
             for stages in ("1-21-21-21", "11-21-21-21", "111-211-21-21", "111-211-2111-21", "12-11111-211-1112")]
NECKS = [f"fpn P1-P{last} {channels}" for last in (4, 5) for channels in (32, 48, 64, 96, 128, 256)]
REST = ["rpn | rcnn", "rpn | cascade 2", "none | retinanet"]


def fill(path, count, first=None):
    store = sqlite3.connect(f"{path}/study.sqlite")
    begun = first or store.execute("SELECT coalesce(max(id), 0) FROM trials").fetchone()[0] + 1
    ended = store.execute("SELECT coalesce(max(sequence), 0) FROM outcomes").fetchone()[0]
    known = {row[0] for row in store.execute("SELECT design FROM trials")}
    draw = random.Random(5)
    designs = [" | ".join(parts) for parts in itertools.product(INPUTS, BACKBONES, NECKS, REST)]
    draw.shuffle(designs)
    designs = [each for each in designs if each not in known][:count]
    at = 1.79e9
    with store:
        for number, design in enumerate(designs):
            trial, luck = begun + number, draw.random()
            side, base = int(design.split("x")[0]), int(design.split()[3])
            cost = side * side * (base + 20) / 500_000 * (1 + 0.6 * draw.random())
            accuracy = 0.62 * (1 - math.exp(-cost / 25)) * (0.75 + 0.25 * luck)
            parent = draw.randrange(1, trial) if trial > 20 and luck > 0.3 else None
            store.execute(
                "INSERT INTO trials (id, stage, step, design, origin, parent, seed, known, suggested) VALUES (?, 'structural', ?, ?, ?, ?, 1, ?, ?)",
                (trial, trial - 1, design, "mutation" if parent else "random", parent, max(0, trial - 2), at + 60 * trial))
            events = [{"event": "started", "parameters": 9, "epochs": 8, "trainingImages": 140, "validationImages": 35}]
            events += [{"event": "epoch", "epoch": epoch, "metrics": {"AP": accuracy * (1 - 1 / (epoch + 1)), "loss": 2.4 / (epoch + 1)}}
                       for epoch in range(1, 9)]
            events.append({"event": "latency", "milliseconds": {
                "median": cost, "p10": cost * 0.97, "p90": cost * 1.05, "samples": [cost * 0.97, cost, cost * 1.05]}})
            outcome, reason, metrics = "finished", None, {"AP": accuracy, "latency": cost, "parameters": base * 1e5, "macs": cost * 1e8}
            if luck < 0.03:
                outcome, reason, metrics, events = "failed", "the loss exploded", {}, events[:3]
            store.executemany("INSERT INTO events (trial, event, reported) VALUES (?, ?, ?)",
                              [(trial, json.dumps(each, sort_keys=True), at + 60 * trial) for each in events])
            store.execute(
                "INSERT INTO outcomes (trial, sequence, outcome, reason, metrics, seconds, ended) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (trial, ended + number + 1, outcome, reason, json.dumps(metrics, sort_keys=True), 60 + 90 * luck, at + 60 * trial + 50))
    store.close()
    return begun


if __name__ == "__main__":
    fill(sys.argv[1], int(sys.argv[2]))

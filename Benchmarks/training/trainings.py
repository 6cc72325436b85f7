"""Trainings of this library's detectors for the tables of this folder: each is done once, and kept as a line of a file.

A table can be stopped at any time; called again it does what is missing. Two calls may share a file.
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from statistics import mean

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.dirname(HERE))
from plans import read_plan
from results import Results

TREES = os.path.join(HERE, "..", "..", "Examples", "trees.json")


def trees():
    """The data of the plan Examples/trees.json: one site is learnt from, another judged."""
    return read_plan(TREES)["data"]


def shapes():
    """Drawn scenes of four kinds of shapes."""
    def source(count, seed):
        return {"format": "shapes", "count": count, "size": "160x160", "seed": seed}
    return {"train": source(400, 1), "validation": source(200, 2)}


DATA = {"trees": trees, "shapes": shapes}


def carried_out(program, folder, design, recipe, data, seed, threads):
    """Carries out a training in a folder by the trial protocol and gives its events; no latency is measured that counts."""
    job = {
        "version": 1, "id": 1, "design": design, "recipe": {**recipe, "latency": {"warmupRuns": 1, "runs": 1}}, "data": data,
        "seed": seed, "device": "cpu", "threads": threads, "directory": folder, "resume": False}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(job, file)
        file.flush()
        answer = subprocess.run([program, "trial", file.name], stdout=subprocess.PIPE, text=True)
    events = [json.loads(line) for line in answer.stdout.splitlines()]
    if not events:
        raise SystemExit(f"{program} ended with status {answer.returncode} and said nothing")
    return events


def trained(program, training, threads):
    """Carries out a training of a table."""
    with tempfile.TemporaryDirectory() as folder:
        return carried_out(
            program, folder, training["design"], training["recipe"], DATA[training["data"]](), training["seed"], threads)


def outcome(events):
    """AP50 and AP of a training; both 0 where it did not end, with the reason."""
    last = events[-1]
    if last["event"] == "finished":
        metrics = last["metrics"]
        return {"AP50": metrics.get("AP50", 0), "AP": metrics.get("AP", 0), "seconds": metrics["seconds"]}
    return {"AP50": 0, "AP": 0, "failed": last.get("reason", last["event"])}


def deviation(values):
    return statistics.stdev(values) if len(values) > 1 else math.nan


def arguments(description, results):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="smnas")
    parser.add_argument("--results", default=os.path.join(HERE, results), help="the file of what was done")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data", nargs="+", choices=list(DATA), default=list(DATA))
    parser.add_argument("--show", action="store_true", help="only print the table of what was done")
    return parser

"""Trainings of this library's detectors for the tables of this folder: each is done once, and kept as a line of a file.

A table can be stopped at any time; called again it does what is missing. Two calls may share a file.
"""
import argparse
import fcntl
import json
import math
import os
import statistics
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TREES = os.path.join(HERE, "..", "..", "Examples", "trees.json")


def without_comments(text):
    return "\n".join(line for line in text.splitlines() if not line.strip().startswith("//"))


def trees():
    """The data of the plan Examples/trees.json: one site is learnt from, another judged."""
    import re
    plan = json.loads(re.sub(r",(\s*[}\]])", r"\1", without_comments(open(TREES).read())))
    for source in plan["data"].values():
        for key in ("annotations", "images"):
            source[key] = os.path.normpath(os.path.join(os.path.dirname(TREES), source[key]))
    return plan["data"]


def shapes():
    """Drawn scenes of four kinds of shapes."""
    def source(count, seed):
        return {"format": "shapes", "count": count, "size": "160x160", "seed": seed}
    return {"train": source(400, 1), "validation": source(200, 2)}


DATA = {"trees": trees, "shapes": shapes}


class Results:
    """Lines of JSON, one for each training that was done, found again by what was asked for."""

    def __init__(self, path):
        self.path = path
        self.lines = {}
        if os.path.exists(path):
            for line in open(path):
                result = json.loads(line)
                self.lines[self.key(result["training"])] = result

    @staticmethod
    def key(training):
        return json.dumps(training, sort_keys=True)

    def of(self, training):
        return self.lines.get(self.key(training))

    def add(self, training, **values):
        line = {"training": training, **values}
        self.lines[self.key(training)] = line
        with open(self.path, "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(json.dumps(line) + "\n")


def trained(program, training, threads=1, data=None):
    """Carries out a training by the trial protocol and gives the metrics of its last event, those of epochs among them."""
    with tempfile.TemporaryDirectory() as folder:
        job = {
            "version": 1, "id": 1, "design": training["design"], "recipe": {**training["recipe"], "latency": {"warmupRuns": 1, "runs": 1}},
            "data": data or DATA[training["data"]](), "seed": training["seed"], "device": "cpu", "threads": threads,
            "directory": os.path.join(folder, "trial"), "resume": False}
        os.mkdir(job["directory"])
        path = os.path.join(folder, "job.json")
        json.dump(job, open(path, "w"))
        answer = subprocess.run([program, "trial", path], stdout=subprocess.PIPE, text=True)
    events = [json.loads(line) for line in answer.stdout.splitlines()]
    if not events:
        raise SystemExit(f"{program} ended with status {answer.returncode} and said nothing")
    return events


def outcome(events):
    """AP50 and AP of a training; both 0 where it did not end, with the reason."""
    last = events[-1]
    if last["event"] == "finished":
        metrics = last["metrics"]
        return {"AP50": metrics.get("AP50", 0), "AP": metrics.get("AP", 0), "seconds": metrics["seconds"]}
    return {"AP50": 0, "AP": 0, "failed": last.get("reason", last["event"])}


def mean(values):
    return sum(values) / len(values)


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

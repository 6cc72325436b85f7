#!/usr/bin/env python3
"""What a search costs the machine that it runs on while thousands of its jobs are at work; the cluster is played by this script.

    python3 measure.py SMNAS [--tasks 4096] [--minutes 5] [--poll 10] [--epoch 60] [--trial 600]

Nothing trains: for every task of every wave an attempt's folder gets the files that a job would write, an epoch every --epoch seconds, and its end after
--trial seconds on average. Prints the processor time and the memory of the search alone, and the processor time of the commands that it called.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import time

PLAN = {
    "name": "many", "seed": 1, "cache": False, "data": {"train": {}, "validation": {}},
    "structural": {
        "searcher": "random", "trials": 100000, "initial": 8, "objectives": ["AP", "macs"], "pruning": False, "earlyStopping": False,
        "reseedShare": 0, "recipe": "small",
        "space": {"inputs": [f"{32 * side}x{32 * other}" for side in range(4, 32) for other in range(4, side + 1)],
                  "backbones": ["resnet18", "resnet34", "resnet50", "resnet101"], "necks": ["none", "fpn P1-P4 64", "fpn P1-P5 128"],
                  "proposals": ["none", "rpn", "ga-rpn"], "heads": ["rcnn", "retinanet", "cascade 2", "cascade 3"]}},
}
SBATCH = """#!/bin/sh
# The number of the wave is that of the job.
for last; do :; done
job=$(basename "$last" | sed 's/^0*//')
echo "$last" > "$(dirname "$0")/waves/$job.new"; mv "$(dirname "$0")/waves/$job.new" "$(dirname "$0")/waves/$job"
echo "$job"
"""
SQUEUE = '#!/bin/sh\nexec cat "$(dirname "$0")/tasks"\n'
SCONTROL = '#!/bin/sh\necho "MaxArraySize            = 10001"\n'


class Player:
    """Plays nodes and scheduler."""

    def __init__(self, folder, run, options):
        self.folder, self.run, self.options = folder, run, options
        self.luck = random.Random(1)
        self.waves, self.running, self.over, self.ended = {}, {}, {}, 0
        self.token = None

    def step(self, now):
        for path in (self.folder / "waves").iterdir():
            if path.name.isdigit() and path.name not in self.waves:
                self.begin(path, now)
        for name, task in list(self.running.items()):
            if now >= task["next"]:
                self.go_on(name, task, now)
        lines = [f"{job}|{index}|RUNNING|n1|None|smnas {self.token} wave {job}" for job, index in self.running]
        lines += [f"{job}|{index}|COMPLETED|n1|None|smnas {self.token} wave {job}" for (job, index), end in self.over.items() if now - end < 300]
        (self.folder / "tasks.new").write_text("\n".join(lines) + "\n")
        (self.folder / "tasks.new").rename(self.folder / "tasks")

    def begin(self, path, now):
        wave = pathlib.Path(path.read_text().strip())
        self.waves[path.name] = wave
        self.token = (self.run / "slurm/token").read_text().strip()
        for index, entry in enumerate(json.loads((wave / "table.json").read_text())["tasks"]):
            folder = self.run / f"trials/{entry['trial']:06}/attempts/{entry['submission']}.0"
            folder.mkdir(parents=True)
            (folder / "attempt.json").write_text('{"node":"n1","job":"1","began":0}')
            # At first all are somewhere in their course, so that they do not end together.
            share = self.luck.random() if len(self.waves) == 1 else 0
            length = self.options.trial * self.luck.uniform(0.5, 1.5)
            self.running[int(path.name), index] = {
                "folder": folder, "epoch": 0, "next": now + self.luck.random() * self.options.epoch, "end": now + length * (1 - share)}

    def go_on(self, name, task, now):
        task["epoch"] += 1
        with open(task["folder"] / "events.jsonl", "a") as file:
            file.write(json.dumps({"event": "epoch", "epoch": task["epoch"], "metrics": {"loss": 1.0 / task["epoch"]}}) + "\n")
        task["next"] = now + self.options.epoch
        if now < task["end"]:
            return
        end = {"version": 1, "kind": "ended", "node": "n1", "seconds": self.options.trial, "outcome": "finished",
               "metrics": {"AP": self.luck.uniform(0.1, 0.5)}}
        temporary = task["folder"] / ".end.tmp"
        temporary.write_text(json.dumps(end))
        temporary.rename(task["folder"] / "end.json")
        self.over[name] = now
        del self.running[name]
        self.ended += 1


def usage(pid):
    """Processor seconds of a process and of the children that it has waited for, and the most memory that it held, in bytes."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    own, children = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
    ticks = os.sysconf("SC_CLK_TCK")
    peak = next(line for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return own / ticks, children / ticks, int(peak.split()[1]) << 10


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("smnas")
    for name, value in [("tasks", 4096), ("minutes", 5.0), ("poll", 10.0), ("epoch", 60.0), ("trial", 600.0)]:
        parser.add_argument(f"--{name}", type=type(value), default=value)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="smnas-many-"))
    (folder / "waves").mkdir()
    (folder / "tasks").write_text("")
    for name, text in [("sbatch", SBATCH), ("squeue", SQUEUE), ("scontrol", SCONTROL), ("scancel", "#!/bin/sh\n")]:
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    plan = dict(PLAN, runner={"threads": 1, "command": ["true"], "slurm": {"tasks": options.tasks, "pollSeconds": options.poll}})
    (folder / "plan.json").write_text(json.dumps(plan))
    environment = dict(os.environ, PATH=f"{folder}:{os.environ['PATH']}")
    search = subprocess.Popen([options.smnas, "search", str(folder / "plan.json"), "--run", str(folder / "run")], env=environment,
                              stdout=subprocess.DEVNULL, stderr=open(folder / "log", "w"), start_new_session=True)
    player = Player(folder, folder / "run", options)
    try:
        start = time.monotonic()
        while len(player.running) < options.tasks:
            player.step(time.monotonic())
            assert search.poll() is None, (folder / "log").read_text()[-2000:]
            time.sleep(0.2)
        own, children, _ = usage(search.pid)
        began = time.monotonic()
        print(f"{options.tasks} tasks submitted in {began - start:.1f} s: {own:.1f} s of a processor, in commands {children:.1f} s", flush=True)
        end = began + 60 * options.minutes
        while time.monotonic() < end:
            player.step(time.monotonic())
            assert search.poll() is None, (folder / "log").read_text()[-2000:]
            time.sleep(1)
        later, commands, peak = usage(search.pid)
        wall = time.monotonic() - began
        print(f"{wall:.0f} s with {len(player.running)} at work, {player.ended} ended: {100 * (later - own) / wall:.2f} % of a core, "
              f"in commands {100 * (commands - children) / wall:.2f} %, at most {peak / 1e6:.0f} MB")
    finally:
        search.kill()
        search.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

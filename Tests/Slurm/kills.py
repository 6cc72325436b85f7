#!/usr/bin/env python3
"""Searches on a throw-away cluster of Slurm whose nodes, whose controller and whose search are killed meanwhile.

    SMNAS=PATH kills.py [--seed N] [--chance P] [--every SECONDS] [CASE…]
    kills.py --list
    kills.py --possible    # ends with 1 and says why where there can be no cluster

Every trial must end exactly once, and trials, fronts and weights be those of one machine. Prints a table of what was killed and what it cost.
Needs root and Debian's slurmctld slurmd slurm-client munge.
"""
import argparse
import collections
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from cluster import Cluster, obstacle

HERE = pathlib.Path(__file__).resolve().parent
SMNAS = os.environ.get("SMNAS", str(HERE.parent.parent / ".build/debug/smnas"))


def toy(world, slurm, seconds=1.0):
    """Two stages of a worker that sleeps so many seconds an epoch. Both searchers draw at random, so that what is suggested does not hang on what ends first."""
    ledger = world.folder / f"ledger-{'slurm' if slurm else 'here'}"
    worker = ["python3", str(HERE / "worker.py"), str(seconds) if slurm else "0.0", "5", str(ledger)]
    stage = {"searcher": "random", "objectives": ["AP", "macs"], "pruning": False, "earlyStopping": False, "reseedShare": 0, "recipe": "small"}
    return {
        "name": "toy", "seed": 5, "data": {"train": {}, "validation": {}}, "cache": False,
        "structural": {**stage, "trials": 24, "initial": 4, "space": {
            "inputs": ["256x256", "128x128", "64x64"], "backbones": ["resnet18 16", "resnet34 16"],
            "necks": ["none", "fpn P1-P4 32"], "proposals": ["rpn"], "heads": ["rcnn", "cascade 2"]}},
        "modular": {**stage, "picks": 2, "trials": 8, "initial": 2, "space": {
            "base": [16, 24], "blocks": [4, 8], "fpnChannels": [32, 48]}},
        "runner": {"workers": 1, "threads": 1, "timeoutSeconds": 600, "command": worker, **({"slurm": slurm} if slurm else {})},
    }


def real(world, slurm):
    """Small trainings on drawn scenes."""
    shapes = {"format": "shapes", "size": "64x64", "classes": ["circle", "square"]}
    return {
        "name": "real", "seed": 11, "cache": False,
        "data": {"train": {**shapes, "count": 48, "seed": 1}, "validation": {**shapes, "count": 8, "seed": 2}},
        "structural": {
            "searcher": "random", "trials": 6, "initial": 2, "objectives": ["AP50", "macs"], "pruning": False, "earlyStopping": False,
            "reseedShare": 0,
            "recipe": {"extends": "small", "epochs": 6, "batch": 4, "latency": {"warmupRuns": 1, "runs": 3}},
            "space": {"inputs": ["64x64", "96x96"], "backbones": ["resnet18 8", "resnet18 16"],
                      "necks": ["fpn P1-P2 16", "fpn P1-P3 16"], "proposals": ["none", "rpn"], "heads": ["rcnn", "retinanet"]}},
        "runner": {"workers": 1, "threads": 1, "timeoutSeconds": 900, **({"slurm": slurm} if slurm else {})},
    }


class World:
    """A folder, a cluster, a search on it, and somebody who kills."""

    def __init__(self, cluster, folder, options):
        self.cluster, self.folder = cluster, folder
        self.luck = random.Random(options.seed)
        self.chance, self.every, self.patience = options.chance, options.every, options.patience
        self.kills = collections.Counter()
        self.search = None

    def slurm(self, **more):
        return {"tasks": 8, "pollSeconds": 1, "program": SMNAS, **more}

    def plan(self, name, content):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(content))
        return path

    def smnas(self, *words, **more):
        environment = dict(self.cluster.environment, OMP_NUM_THREADS="1", XDG_CACHE_HOME=str(self.folder / "cache"))
        return subprocess.Popen(self.cluster.inside() + [SMNAS, *map(str, words)], env=environment, **more)

    def answer(self, *words):
        process = self.smnas(*words, stdout=subprocess.PIPE, text=True)
        output = process.communicate()[0]
        assert process.returncode == 0, f"smnas {words} ended with {process.returncode}"
        return output

    def begin(self, plan, run):
        resume = ["--resume"] if (run / "plan.json").exists() else []
        log = open(self.folder / f"{run.name}.log", "a")
        self.search = self.smnas("search", plan, "--run", run, *resume, stdout=log, stderr=log, start_new_session=True)

    def carry_out(self, plan, run, kills=True):
        """A search to its end, whatever is killed meanwhile."""
        start = time.monotonic()
        self.begin(plan, run)
        next_kill, down = start + self.every, {}
        controller_at = start + 25
        while True:
            now = time.monotonic()
            status = self.search.poll()
            if status == 0:
                break
            if status is not None:
                tail = (self.folder / f"{run.name}.log").read_text()[-3000:]
                raise AssertionError(f"the search ended with {status}:\n{tail}")
            assert now - start < self.patience, f"the search takes longer than {self.patience} seconds: {self.cluster.call('squeue')}"
            for name, until in list(down.items()):
                if now >= until:
                    del down[name]
                    self.cluster.start_controller() if name == "slurmctld" else self.cluster.start_node(name)
            if kills and now >= next_kill:
                next_kill += self.every
                for name in self.cluster.names:
                    if name not in down and self.luck.random() < self.chance:
                        self.cluster.kill(name)
                        self.kills["nodes"] += 1
                        down[name] = now + self.luck.uniform(1, 12)
                if self.luck.random() < 3 * self.chance:
                    self.search.send_signal(signal.SIGKILL)
                    self.search.wait()
                    self.kills["the search"] += 1
                    time.sleep(self.luck.uniform(0, 4))
                    self.begin(plan, run)
            if kills and now >= controller_at and "slurmctld" not in down:
                # Slurm needs half a minute to find out what a node has lost, and forgets that when it dies.
                controller_at = now + 90
                self.cluster.kill("slurmctld")
                self.kills["slurmctld"] += 1
                down["slurmctld"] = now + self.luck.uniform(0, 8)
            time.sleep(0.1)
        for name in down:
            self.cluster.start_controller() if name == "slurmctld" else self.cluster.start_node(name)
        return time.monotonic() - start

    def trials(self, run):
        return [json.loads(line) for line in self.answer("trials", run, "--json").splitlines()]


def compare(world, here, there):
    """Asserts that two runs found the same, and gives the trials of the second."""
    ignored = ("seconds", "latency", "latency.ownLoad", "ownLoadLatency", "memory")

    def content(run):
        return {trial["id"]: (trial["stage"], trial["design"], trial["outcome"],
                              {name: value for name, value in trial["metrics"].items() if not name.startswith(ignored)})
                for trial in world.trials(run)}

    left, right = content(here), content(there)
    assert left == right, f"trials differ: {[(left.get(n), right.get(n)) for n in left.keys() | right.keys() if left.get(n) != right.get(n)][:3]}"
    fronts = [[[(member["trial"], member["design"]) for member in front["members"]] for front in fronts_of(world, run)] for run in (here, there)]
    assert fronts[0] == fronts[1], f"fronts differ: {fronts}"
    for trial in right:
        name = f"trials/{trial:06}"
        assert not (there / name / "attempts").exists(), f"{name} still has attempts"
        weights = [run / name / "weights.safetensors" for run in (here, there)]
        sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in weights if path.exists()]
        assert len(sums) in (0, 2) and len(set(sums)) <= 1, f"the weights of {name} differ"
    return right


def fronts_of(world, run):
    found = json.loads(world.answer("front", run, "--json"))
    return found["picks"] if "picks" in found else [found]


def check(world, make, name):
    """Carries a plan out here, undisturbed, and on the cluster; gives what to tell."""
    here, there = world.folder / f"{name}-here", world.folder / f"{name}-slurm"
    world.carry_out(world.plan(f"{name}-here", make(world, None)), here, kills=False)
    seconds = world.carry_out(world.plan(f"{name}-slurm", make(world, world.slurm())), there)
    return verdict(world, here, there, seconds)


def begun(world, name, seconds=1.0, **slurm):
    """Carries the toy out here and begins it on the cluster; gives its plan, both runs, and when it was begun."""
    here, there = world.folder / f"{name}-here", world.folder / name
    world.carry_out(world.plan(f"{name}-here", toy(world, None)), here, kills=False)
    plan = world.plan(name, toy(world, world.slurm(**slurm), seconds))
    start = time.monotonic()
    world.begin(plan, there)
    return plan, here, there, start


def verdict(world, here, there, seconds):
    """Asserts that a run on the cluster found what one here did and left nothing behind; gives what to tell."""
    trials = compare(world, here, there)
    world.cluster.wait(lambda: not world.cluster.call("squeue", "-h").strip(), "an empty queue", 60)
    waves = list((there / "slurm/waves").iterdir())
    submitted = sum(len(json.loads((wave / "table.json").read_text())["tasks"]) for wave in waves if (wave / "job").exists())
    tickets = [file for wave in waves for file in wave.glob("[0-9]*.json")]
    assert not tickets, f"tickets are left: {tickets}"
    logs = "".join(path.read_text() for path in (there / "slurm/logs").iterdir())
    lines = {
        "trials, each ended once": len(trials), "seconds": round(seconds), "waves": len(waves), "tasks submitted": submitted,
        "attempts begun": logs.count(", attempt "), "asked to stop": logs.count("asking Slurm to begin"),
        "copies that did not count": logs.count("does not count")}
    return lines


def case_toy(world):
    """Two stages of a worker that sleeps; nodes, controller and search are killed."""
    lines = check(world, toy, "toy")
    ledger = (world.folder / "ledger-slurm").read_text().splitlines()
    epochs = collections.Counter(tuple(line.split()[:3]) for line in ledger)
    lines["epochs done"] = len(ledger)
    lines["epochs done again"] = len(ledger) - len(epochs)
    return lines


def case_real(world):
    """Real trainings go on from their checkpoints: the same weights, bit for bit."""
    return check(world, real, "real")


def case_latency(world):
    """Stage one's latencies are measured by a node that the plan names, before and without training there."""
    plan = real(world, world.slurm(measurement={"nodes": ["n4"]}, exclude=["n4"]))
    plan["structural"].update(objectives=["AP50", "latency"], pruning=True, trials=4)
    run, file = world.folder / "latency", world.plan("latency", plan)

    def measuring():
        return world.cluster.call("squeue", "-h", "--name=smnas-latency", "-o", "%T").split()

    # A search that dies while a node measures leaves it to others.
    world.begin(file, run)
    world.cluster.wait(lambda: "RUNNING" in measuring(), "a measurement")
    world.search.send_signal(signal.SIGKILL)
    world.search.wait()
    world.kills["the search"] += 1
    world.cluster.wait(lambda: not measuring(), "the end of the measurement", 20)
    seconds = world.carry_out(file, run, kills=False)
    trials = world.trials(run)
    finished = [trial for trial in trials if trial["outcome"] == "finished"]
    assert finished and all(trial["metrics"].get("latency", 0) > 0 for trial in finished)
    jobs = (world.cluster.folder / "log/jobs.log").read_text().splitlines()
    measured = [line for line in jobs if "Name=smnas-latency" in line]
    assert measured and all("NodeList=n4" in line for line in measured), measured
    trained = [line for line in jobs if "Name=smnas-" in line and "Name=smnas-latency" not in line]
    assert all("NodeList=n4" not in line for line in trained), trained
    return {"trials": len(trials), "seconds": round(seconds), "latencies measured on n4": len(measured)}


def case_preemption(world):
    """Urgent jobs of others take the nodes again and again: trainings give way with a checkpoint, and go on."""
    _, here, run, start = begun(world, "preempted", options=["--partition=work"])
    times = 0
    while world.search.poll() is None:
        assert time.monotonic() - start < world.patience
        if times < 4 and time.monotonic() - start > 4 + 7 * times:
            times += 1
            world.cluster.call("sbatch", "-p", "urgent", "--exclusive", "--nodes=2", "-o", "/dev/null", "--wrap", "sleep 3")
        time.sleep(0.2)
    assert world.search.returncode == 0, (world.folder / "preempted.log").read_text()[-3000:]
    trials = compare(world, here, run)
    logs = "".join(path.read_text() for path in (run / "slurm/logs").iterdir())
    attempts = logs.count(", attempt ")
    assert attempts > len(trials), "no training had to give way"
    return {"trials, each ended once": len(trials), "seconds": round(time.monotonic() - start), "urgent jobs": times, "attempts begun": attempts}


def case_cut(world):
    """The way to a node is cut for longer than Slurm waits: its jobs go on while others do the same, and only one copy counts."""
    # Half of the cluster, so that there is room for a second copy at once.
    _, here, run, start = begun(world, "cut", seconds=7.0, tasks=4)
    # When which link is cut, and when it heals. Slurm gives a silent node up after twenty seconds; a trial takes 35.
    events = sorted([(6, "n1", True), (60, "n1", False), (66, "n2", True), (66, "n3", True), (115, "n2", False), (125, "n3", False)])
    while world.search.poll() is None:
        now = time.monotonic() - start
        assert now < world.patience, world.cluster.call("squeue")
        if events and now >= events[0][0]:
            _, name, is_cut = events.pop(0)
            world.cluster.links.cut(name, is_cut)
            world.kills["links"] += is_cut
        time.sleep(0.2)
    for _, name, is_cut in events:
        if not is_cut:
            world.cluster.links.cut(name, False)
    assert world.search.returncode == 0, (world.folder / "cut.log").read_text()[-3000:]
    lines = verdict(world, here, run, time.monotonic() - start)
    assert world.kills["links"], "the search was over before a link was cut"
    assert lines["attempts begun"] > lines["trials, each ended once"], "no training was begun elsewhere"
    return lines


case_cut.links = True


def case_orphans(world):
    """A search is killed and stays dead: its jobs end by themselves, with checkpoints, and another search goes on from them."""
    plan, here, run, start = begun(world, "orphans", seconds=2.0, orphanMinutes=0.15)
    world.cluster.wait(lambda: len(world.cluster.call("squeue", "-h", "-t", "running").split("\n")) > 6, "jobs at work", 60)
    time.sleep(3)
    world.search.send_signal(signal.SIGKILL)
    world.search.wait()
    world.kills["the search"] += 1
    killed = time.monotonic()
    world.cluster.wait(lambda: not world.cluster.call("squeue", "-h").strip(), "an empty queue", 90)
    emptied = round(time.monotonic() - killed)
    checkpoints = list(run.glob("trials/*/attempts/*/checkpoint.safetensors"))
    assert checkpoints, "no orphan left a checkpoint"
    world.begin(plan, run)
    assert world.search.wait(world.patience) == 0, (world.folder / "orphans.log").read_text()[-3000:]
    lines = verdict(world, here, run, time.monotonic() - start)
    ledger = (world.folder / "ledger-slurm").read_text().splitlines()
    again = len(ledger) - len({tuple(line.split()[:3]) for line in ledger})
    assert again == 0, f"{again} epochs were done twice"
    return {"seconds until the queue was empty": emptied, "orphans' checkpoints": len(checkpoints), "epochs done again": again, **lines}


def case_teams(world):
    """Two processes train each trial together, started by srun; with nodes that die the weights are the same, bit for bit."""
    # On one machine the first node's name leads nowhere, so the ranks are told where to meet.
    meeting = ["export MASTER_ADDR=127.0.0.1 MASTER_PORT=$((20000 + SLURM_JOB_ID % 10000))"]
    slurm = world.slurm(processes=2, tasks=3, setup=meeting)
    runs = [world.folder / "teams", world.folder / "teams-killed"]
    seconds = [world.carry_out(world.plan(run.name, real(world, slurm)), run, kills=run != runs[0]) for run in runs]
    lines = verdict(world, *runs, seconds[1])
    events = "".join(path.read_text() for path in runs[0].glob("trials/*/events.jsonl"))
    logs = "".join(path.read_text() for path in runs[0].glob("trials/*/*log*"))
    assert "2 processes" in events + logs, "nothing says that two trained together"
    return {"seconds undisturbed": round(seconds[0]), **lines}


CASES = {name[5:]: value for name, value in globals().items() if name.startswith("case_")}


def stop(*_):
    # What ends the daemons is not to be ended.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit("stopped")


def main():
    signal.signal(signal.SIGTERM, stop)
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--possible", action="store_true", help="say only whether there can be a cluster here")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--chance", type=float, default=0.03, help="of a node to be killed each time")
    parser.add_argument("--every", type=float, default=10, help="seconds between two times")
    parser.add_argument("--patience", type=float, default=1200, help="seconds that a search may take")
    parser.add_argument("--keep", action="store_true", help="leave the folder behind")
    options = parser.parse_args()
    if options.list:
        print("\n".join(f"{name}  {case.__doc__.splitlines()[0]}" for name, case in CASES.items()))
        return 0
    reason = obstacle()
    if options.possible or reason:
        print(reason or "a cluster can be made")
        return 1 if reason else 0
    unknown = [name for name in options.cases if name not in CASES]
    if unknown:
        parser.error(f"there is no case {unknown[0]}; there are {', '.join(CASES)}")
    print(f"seed {options.seed}: nodes die with p = {options.chance} every {options.every} s", flush=True)
    failed = 0
    # Two of these may be at work on one machine.
    port = 17000 + os.getpid() % 60 * 200
    for number, name in enumerate(options.cases or CASES):
        folder = pathlib.Path(tempfile.mkdtemp(prefix=f"smnas-slurm-{name}-"))
        (folder / "cluster").mkdir()
        folder.chmod(0o755)
        world = None
        try:
            links = getattr(CASES[name], "links", False)
            with Cluster(folder / "cluster", port=port + 20 * number, links=links) as cluster:
                world = World(cluster, folder, options)
                lines = CASES[name](world)
            print(f"✔ {name}: {CASES[name].__doc__.splitlines()[0]}")
            for what, count in world.kills.items():
                print(f"    killed: {what:24} {count}")
            for what, count in lines.items():
                print(f"    {what:32} {count}")
        except Exception as error:  # every case is to be tried
            failed += 1
            print(f"✘ {name}: {type(error).__name__}: {error}\n    what is left: {folder}", flush=True)
        finally:
            if world is not None and world.search is not None and world.search.poll() is None:
                os.killpg(world.search.pid, signal.SIGKILL)
            if not options.keep and not (world is None or failed):
                shutil.rmtree(folder, ignore_errors=True)
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

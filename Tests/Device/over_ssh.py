#!/usr/bin/env python3
"""A search whose latencies another machine takes, over ssh: one in a network namespace of its own, with its own name, cache and anchor.

    SMNAS=PATH over_ssh.py

Needs root, iproute2, openssh-server and openssh-client.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SMNAS = os.environ.get("SMNAS", str(ROOT / ".build/debug/smnas"))
SPACE, ADDRESS = "smnas-device", "10.88.7.2"


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, **more).stdout


class Device:
    """A machine that is reached by ssh alone."""

    def __init__(self, folder):
        self.folder = folder
        self.server = None

    def __enter__(self):
        run("ip", "netns", "add", SPACE)
        run("ip", "link", "add", "smnas0", "type", "veth", "peer", "name", "eth0", "netns", SPACE)
        run("ip", "addr", "add", "10.88.7.1/30", "dev", "smnas0")
        run("ip", "link", "set", "smnas0", "up")
        run("ip", "-n", SPACE, "addr", "add", f"{ADDRESS}/30", "dev", "eth0")
        run("ip", "-n", SPACE, "link", "set", "eth0", "up")
        run("ip", "-n", SPACE, "link", "set", "lo", "up")
        for name in ["host", "user"]:
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / f"{name}.key")
        (self.folder / "allowed").write_text((self.folder / "user.key.pub").read_text())
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        (self.folder / "sshd.conf").write_text(
            f"Port 22\nListenAddress {ADDRESS}\nHostKey {self.folder}/host.key\nAuthorizedKeysFile {self.folder}/allowed\n"
            f"StrictModes no\nUsePAM no\nPasswordAuthentication no\nPidFile none\n"
            f"SetEnv XDG_CACHE_HOME={self.folder}/cache-there OMP_NUM_THREADS=1\n")
        with open(self.folder / "sshd.log", "w") as log:
            self.server = subprocess.Popen(
                ["nsenter", f"--net=/run/netns/{SPACE}", "unshare", "--uts", "sh", "-c",
                 f"hostname the-device; exec /usr/sbin/sshd -D -e -f {self.folder}/sshd.conf"], stdout=log, stderr=log, start_new_session=True)
        self.options = f"-i {self.folder}/user.key -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile={self.folder}/known -o LogLevel=ERROR"
        for _ in range(100):
            probe = subprocess.run(["ssh", *self.options.split(), f"root@{ADDRESS}", "hostname"], capture_output=True, text=True)
            if probe.returncode == 0:
                assert probe.stdout.strip() == "the-device"
                return self
            time.sleep(0.1)
        raise RuntimeError((self.folder / "sshd.log").read_text() + probe.stderr)

    def __exit__(self, *_):
        if self.server:
            os.killpg(self.server.pid, signal.SIGTERM)
            self.server.wait()
        subprocess.run(["ip", "link", "del", "smnas0"])
        subprocess.run(["ip", "netns", "del", SPACE])

    def cut(self, is_cut):
        run("ip", "link", "set", "smnas0", "down" if is_cut else "up")


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="smnas-device-"))
    folder.chmod(0o755)
    try:
        with Device(folder) as device:
            shapes = {"format": "shapes", "size": "64x64", "classes": ["circle", "square"]}
            plan = {
                "name": "device", "seed": 3, "cache": False, "data": {"train": {**shapes, "count": 16, "seed": 1}, "validation": {**shapes, "count": 4, "seed": 2}},
                "structural": {
                    "trials": 3, "initial": 2, "objectives": ["AP50", "latency"], "reseedShare": 0,
                    "recipe": {"extends": "small", "epochs": 1, "batch": 4, "latency": {"warmupRuns": 2, "runs": 10}},
                    "space": {"inputs": ["64x64", "96x96"], "backbones": ["resnet18 8", "resnet18 16"], "necks": ["fpn P1-P2 16"],
                              "proposals": ["rpn"], "heads": ["rcnn"]}},
                "latency": {"command": ["python3", str(ROOT / "Examples/other-device/measure.py"), f"root@{ADDRESS}", SMNAS], "timeoutSeconds": 60},
                "runner": {"workers": 1, "threads": 1}}
            (folder / "plan.json").write_text(json.dumps(plan))
            environment = dict(os.environ, SMNAS_SSH=device.options, XDG_CACHE_HOME=str(folder / "cache-here"), OMP_NUM_THREADS="1")

            def smnas(*words):
                return subprocess.run([SMNAS, *map(str, words)], env=environment, capture_output=True, text=True)

            found = smnas("search", folder / "plan.json", "--run", folder / "run")
            assert found.returncode == 0, found.stderr
            trials = [json.loads(line) for line in smnas("trials", folder / "run", "--json").stdout.splitlines()]
            finished = [trial for trial in trials if trial["outcome"] == "finished"]
            assert finished and all(trial["metrics"]["latency"] > 0 for trial in finished), trials
            there, here = ([path for path in (folder / name).rglob("*") if path.is_file()] if (folder / name).exists() else [] for name in ("cache-there", "cache-here"))
            assert there, "the device measured its own anchor and keeps what it takes when calm"
            assert not [path for path in here if path.name in {one.name for one in there}], "nothing was measured here"
            print(f"✔ {len(finished)} latencies by ssh; the device's own anchor is in {[path.name for path in there]}, here there is none")
            device.cut(True)
            measured = smnas("measure", folder / "run", "--all")
            assert measured.returncode != 0 and "measure.py" in measured.stderr, measured.stderr
            print(f"✔ a link that is cut is told: {measured.stderr.strip().splitlines()[-1][:160]}")
            device.cut(False)
            measured = smnas("measure", folder / "run", "--all", "--json")
            assert measured.returncode == 0, measured.stderr
            devices = {line["latency"]["conditions"]["device"] for line in json.loads(measured.stdout)}
            print(f"✔ measured again in turn, on: {devices}")

            # The same device beside this machine, as an objective of its own.
            plan["latency"] = {"devices": {"board": plan["latency"]["command"]}, "timeoutSeconds": 60}
            plan["structural"]["objectives"] = ["AP50", "latency", "latency@board"]
            (folder / "both.json").write_text(json.dumps(plan))
            found = smnas("search", folder / "both.json", "--run", folder / "both")
            assert found.returncode == 0, found.stderr
            front = smnas("front", folder / "both").stdout
            assert "latency@board: median time of one image, on" in front, front
            trials = [json.loads(line) for line in smnas("trials", folder / "both", "--json").stdout.splitlines()]
            assert all(trial["metrics"]["latency@board"] > 0 < trial["metrics"]["latency"] for trial in trials if trial["outcome"] == "finished"), trials
            print(f"✔ two devices, two objectives:\n{front}")
            return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

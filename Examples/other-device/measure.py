#!/usr/bin/env python3
"""Times detectors on another machine, for a plan's "latency": {"command": ["python3", "measure.py", "USER@HOST", "PATH/smnas"]}.

    measure.py HOST SMNAS JOB.json

Sends the job with its images and weights over by ssh, has smnas there do it, and prints what that prints. ssh must need no password (a key, an
agent); further options stand in $SMNAS_SSH, as in SMNAS_SSH="-p 2222 -i key".
"""
import io
import json
import os
import shlex
import subprocess
import sys
import tarfile


def main():
    host, program, path = sys.argv[1:]
    # A machine that is gone is told after half a minute, not after hours.
    patience = ["-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=10", "-o", "ServerAliveCountMax=3"]
    ssh = ["ssh", "-o", "BatchMode=yes", *patience, *shlex.split(os.environ.get("SMNAS_SSH", "")), host]
    with open(path) as file:
        job = json.load(file)
    folder = subprocess.run([*ssh, "mktemp -d"], check=True, capture_output=True, text=True).stdout.strip()
    here = shlex.quote(folder)
    try:
        # Every file under a number, so that no path of this machine means anything there.
        files = {}

        def moved(path):
            return f"{folder}/{files.setdefault(path, f'{len(files)}{os.path.splitext(path)[1]}')}"

        job["images"] = [moved(path) for path in job["images"]]
        for detector in job["detectors"]:
            if detector.get("weights"):
                detector["weights"] = moved(detector["weights"])
        job.pop("measurementLock", None)
        bundle = io.BytesIO()
        with tarfile.open(fileobj=bundle, mode="w") as tar:
            for source, name in files.items():
                tar.add(source, name)
            text = json.dumps(job).encode()
            entry = tarfile.TarInfo("job.json")
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
        subprocess.run([*ssh, f"tar -C {here} -xf -"], input=bundle.getvalue(), check=True)
        return subprocess.run([*ssh, f"{shlex.quote(program)} measurement {here}/job.json"]).returncode
    finally:
        subprocess.run([*ssh, f"rm -rf {here}"])


if __name__ == "__main__":
    sys.exit(main())

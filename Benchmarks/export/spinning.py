#!/usr/bin/env python3
"""What a detection takes by how often threads look for work before they sleep, alone and beside a loop that wants one of the cores.

    python3 spinning.py ../../.build/release/smnas WEIGHTS IMAGE [--threads 2] [--rounds 5]

Calm numbers need a machine with nothing else to do. Medians of `smnas export`'s own times, milliseconds a tile or an image.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

COUNTS = (0, 300, 1000, 3000, 10000, 50000)


def milliseconds(options, count):
    with tempfile.TemporaryDirectory() as folder:
        words = [options.program, "export", options.weights, "--images", options.image, "--output", folder, "--threads", str(options.threads)]
        output = subprocess.run(
            words, env=dict(os.environ, GOMP_SPINCOUNT=str(count)), capture_output=True, text=True, check=True).stdout
    return float(next(line for line in output.splitlines() if line.startswith("smnas ")).split()[2])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("weights")
    parser.add_argument("image")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    times = {}
    for _ in range(options.rounds):
        for is_busy in (False, True):
            loop = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if is_busy else None
            try:
                time.sleep(0.5)
                for count in COUNTS:
                    times.setdefault((count, is_busy), []).append(milliseconds(options, count))
            finally:
                if loop is not None:
                    loop.kill()
                    loop.wait()
    print("| looks | alone | beside a loop |\n|---|---|---|")
    for count in COUNTS:
        cells = [times[count, is_busy] for is_busy in (False, True)]
        print(f"| {count:,} | " + " | ".join(f"{statistics.median(own):.1f} ({min(own):.1f}–{max(own):.1f})" for own in cells) + " |")


if __name__ == "__main__":
    main()

"""Runs this library and its peers in turn on the same weights and images, and prints medians and ratios.

    python compare.py PROGRAM MODE CASE WIDTHxHEIGHT [--batch 1] [--threads 1] [--rounds 7] [--peers torchvision]

MODE is infer, features (backbone and neck) or train. Every round gives each side one pass, one after the other, so that
what disturbs the machine disturbs all sides alike. A line's figures are medians over the rounds.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import torch
from safetensors.torch import save_file

import cases


class Side:
    def __init__(self, name, command):
        self.name, self.rows = name, []
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def wait(self):
        while True:
            line = self.process.stdout.readline()
            if line == "":
                sys.exit(f"{self.name} ended before it was ready")
            if line.strip() == "ready":
                return

    def run(self, counts):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        row = json.loads(self.process.stdout.readline())
        if counts:
            self.rows.append(row)
        self.answer = row["answer"]
        self.peak = row["peak"]


def matmul_peak(threads):
    """GFLOP/s of libtorch's product of 1536 x 1536 matrices, by processor time; the best of many."""
    torch.set_num_threads(threads)
    a = torch.randn(1536, 1536)
    best = 1e9
    for _ in range(8):
        start = time.process_time()
        a @ a
        best = min(best, time.process_time() - start)
    return 2 * 1536**3 / best / 1e9


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("mode", choices=["infer", "features", "train"])
    parser.add_argument("case", choices=sorted(cases.BUILD))
    parser.add_argument("size")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peers", default="torchvision")
    parser.add_argument("--plain", action="store_true", help="also this library without its inference plan")
    parser.add_argument("--bfloat16", action="store_true", help="also this library in bfloat16")
    given = parser.parse_args()
    width, height = map(int, given.size.split("x"))
    net = cases.model(given.case)
    boxes, labels = cases.truths(given.batch, height, width)
    tensors = {"model." + cases.renamed(given.case, k): v.contiguous() for k, v in net.state_dict().items()}
    # Padded as detectors pad: to a multiple of 32 pixels.
    images = cases.images(given.batch, -(-height // 32) * 32, -(-width // 32) * 32)
    tensors.update(images=images.contiguous(), boxes=boxes.contiguous(), labels=labels)
    here = pathlib.Path(__file__).parent
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/case.safetensors"
        save_file(tensors, path)
        design = f"{given.size} | {cases.DESIGN[given.case]}"
        own = [given.program, given.mode, design, path, "--threads", str(given.threads)]
        sides = [Side("smnas", own)]
        if given.plain:
            sides.append(Side("smnas plain", own + ["--plain"]))
        if given.bfloat16:
            sides.append(Side("smnas bfloat16", own + ["--precision", "bfloat16"]))
        for peer in given.peers.split(","):
            command = [sys.executable, str(here / "python_side.py"), peer, given.mode, given.case, path, str(given.threads)]
            sides.append(Side(peer, command))
        for side in sides:
            side.wait()
        for turn in range(given.rounds + 2):
            for side in sides:
                side.run(counts=turn >= 2)
    print(f"{given.case} {given.mode} {given.size} batch {given.batch}, {given.threads} threads, "
          f"matmul {matmul_peak(given.threads):.0f} GFLOP/s")
    base = statistics.median(r["processor"] for r in sides[0].rows)
    for side in sides:
        wall = statistics.median(r["wall"] for r in side.rows)
        processor = statistics.median(r["processor"] for r in side.rows)
        print(f"  {side.name:15s} processor {processor:8.1f} ms  wall {wall:8.1f} ms  peak {side.peak / 1e6:6.0f} MB  "
              f"{processor / base:5.2f}x of smnas  answer {[round(a, 4) for a in side.answer]}")


main()

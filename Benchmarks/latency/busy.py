#!/usr/bin/env python3
"""Latencies of the same designs on the calm machine and beside busy loops: how far they differ, and what is marked.

    python3 busy.py ../../.build/release/smnas-torch [--threads 1] [--loops 2]

Three measurements of every design: calm, calm again, and beside LOOPS busy loops for each core. The calm ones come first, so
that the anchor's calm time is known, in a cache folder of this run's own.
"""
import argparse, itertools, json, os, subprocess, tempfile

DESIGNS = [
    "64x64 | resnet18 16 | fpn P1-P3 48 | none | retinanet",
    "96x96 | resnet18 16 | fpn P1-P3 48 | rpn | rcnn",
    "128x128 | resnet18 16 | fpn P1-P4 48 | none | retinanet",
    "128x128 | resnet18 32 | fpn P1-P4 64 | rpn | rcnn",
    "160x160 | resnet18 24 | fpn P1-P3 64 | rpn | rcnn",
    "160x160 | resnet34 24 | fpn P1-P4 64 | ga-rpn | rcnn",
    "192x192 | resnet18 32 | fpn P1-P4 64 | none | retinanet",
    "192x192 | resnet50 16 | fpn P2-P4 64 | rpn | cascade 2",
    "224x224 | resnet34 32 | fpn P2-P5 64 | rpn | rcnn",
    "256x256 | resnet50 24 | fpn P2-P5 96 | none | retinanet",
]


def measure(program, threads, cache):
    readings = []
    for design in DESIGNS:
        words = [program, "profile", design, "--recipe", "small", "--classes", "4", "--latency", "--json", "--threads", str(threads)]
        environment = dict(os.environ, XDG_CACHE_HOME=cache)
        text = subprocess.run(words, check=True, capture_output=True, text=True, env=environment).stdout
        readings.append(json.loads(text)["latency"])
    return readings


def median(reading):
    return reading["milliseconds"]["median"]


def marks(reading):
    return reading["conditions"].get("disturbances", [])


def tau(a, b):
    pairs = list(itertools.combinations(range(len(a)), 2))
    signs = [(a[i] - a[j]) * (b[i] - b[j]) for i, j in pairs]
    return sum((s > 0) - (s < 0) for s in signs) / len(pairs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--loops", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        calm = measure(arguments.program, arguments.threads, cache)
        again = measure(arguments.program, arguments.threads, cache)
        loops = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(arguments.loops * os.cpu_count())]
        try:
            busy = measure(arguments.program, arguments.threads, cache)
        finally:
            for loop in loops:
                loop.kill()
    print("| design | calm, ms | again | busy | of calm | waited | marked |")
    print("|---|---|---|---|---|---|---|")
    for design, one, two, three in zip(DESIGNS, calm, again, busy):
        waited = three["conditions"]["machine"].get("waiting")
        print(
            f"| `{design}` | {median(one):.2f} | {median(two):.2f} | {median(three):.2f} "
            f"| {median(three) / median(one):.2f} | {'-' if waited is None else f'{waited:.0%}'} | {', '.join(marks(three)) or '-'} |"
        )
    times = [[median(r) for r in side] for side in (calm, again, busy)]
    print(f"Kendall tau: calm and again {tau(times[0], times[1]):.2f}, calm and busy {tau(times[0], times[2]):.2f}.")
    print(f"Marked of {len(DESIGNS)}: calm {sum(map(bool, map(marks, calm)))}, again {sum(map(bool, map(marks, again)))}, busy {sum(map(bool, map(marks, busy)))}.")
    wrong = [d for d, one, three in zip(DESIGNS, calm, busy) if not marks(three) and abs(median(three) / median(one) - 1) > 0.15]
    print("More than 15 % off and not marked:", ", ".join(wrong) or "none", end=".\n")


if __name__ == "__main__":
    main()

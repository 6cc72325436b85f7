"""Compares DetMetrics with pycocotools on random small cases, and shrinks what disagrees.

    python3 compare_random.py [COUNT=10000] [--first SEED] [--skip-build] [--planted]

The twelve numbers must agree to 1e-12, the tables of precision, recall and scores bit by bit. The cases go through
the test COCORandomTests (built first, unless --skip-build), which notes the ones that fail. Of these the first is
made smaller as long as it fails: detections, truths, images, categories and parameters are left out or made plain.
--planted pretends that pycocotools said otherwise of every case with a crowd and two detections, to see that at work.
"""
import argparse
import copy
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from coco_cases import evaluate, make_case
from make_coco import checksum

ROOT = pathlib.Path(__file__).resolve().parents[3]
CHALLENGE = {"iouThresholds": None, "detectionLimits": [1, 10, 100], "usesCategories": True}
TABLES = ("precision", "recall", "scores")
# As the Makefile does for what it builds.
os.environ["PKG_CONFIG_PATH"] = f"{ROOT}/.deps/pkgconfig:{os.environ.get('PKG_CONFIG_PATH', '')}"


def fingerprint(table):
    """A sum over the bits of all numbers, each with a weight of its own; zero has one sign."""
    bits = (table.ravel() + 0.0).view(np.uint64)
    weights = 2 * np.arange(bits.size, dtype=np.uint64) + 1
    return str(int(np.sum(bits * weights * np.uint64(0x9E3779B97F4A7C15), dtype=np.uint64)))


def with_answers(case, planted):
    result = evaluate(case)
    if planted and len(case["detections"]) > 1 and any(a["iscrowd"] for a in case["truth"]["annotations"]):
        result["stats"][8] += 0.125
    return dict(case, stats=result["stats"], sums={t: checksum(result[t]) for t in TABLES},
                bits={t: fingerprint(np.ascontiguousarray(result[t])) for t in TABLES})


def answered_seed(seed_and_planted):
    seed, planted = seed_and_planted
    return json.dumps(with_answers(dict(make_case(seed), seed=seed), planted))


def failing(lines, quiet):
    """The numbers of the cases on which DetMetrics disagrees."""
    with tempfile.TemporaryDirectory() as folder:
        cases, failed = os.path.join(folder, "cases.jsonl"), os.path.join(folder, "failed.txt")
        with open(cases, "w") as file:
            file.writelines(line + "\n" for line in lines)
        run = subprocess.run(
            ["swift", "test", "--skip-build", "--filter", "COCORandomTests"], cwd=ROOT, text=True,
            env=dict(os.environ, DETMETRICS_CASES=cases, DETMETRICS_FAILED=failed),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if not os.path.exists(failed):
            sys.exit("the test did not run through:\n" + run.stdout[-4000:])
        if not quiet:
            print("".join(line + "\n" for line in run.stdout.splitlines() if "pycocotools" in line), end="")
        return [int(line) for line in open(failed)]


def without(case, key, rows):
    """The case without some rows of a list, and without what refers to them."""
    smaller = copy.deepcopy(case)
    owner = smaller if key == "detections" else smaller["truth"]
    gone = {owner[key][row].get("id") for row in rows}
    owner[key] = [row for place, row in enumerate(owner[key]) if place not in rows]
    reference = {"images": "image_id", "categories": "category_id"}.get(key)
    if reference:
        for part, name in ((smaller, "detections"), (smaller["truth"], "annotations")):
            part[name] = [row for row in part[name] if row[reference] not in gone]
    return smaller


def smaller_cases(case):
    """Cases that are smaller by half a list, a quarter, … or one row, or have plainer parameters; larger steps first."""
    lists = [("images", case["truth"]["images"]), ("categories", case["truth"]["categories"]),
             ("annotations", case["truth"]["annotations"]), ("detections", case["detections"])]
    size = max(len(rows) for _, rows in lists)
    while size >= 1:
        for key, rows in lists:
            needed = 1 if key in ("images", "categories") else 0
            if size > len(rows) - needed:
                continue
            for start in range(0, len(rows), size):
                yield without(case, key, set(range(start, min(start + size, len(rows)))))
        size //= 2
    for name, plain in CHALLENGE.items():
        if case["parameters"][name] != plain:
            yield dict(case, parameters=dict(case["parameters"], **{name: plain}))
    thresholds = case["parameters"]["iouThresholds"] or []
    for place in range(len(thresholds) if len(thresholds) > 1 else 0):
        fewer = thresholds[:place] + thresholds[place + 1:]
        yield dict(case, parameters=dict(case["parameters"], iouThresholds=fewer))


def has_sense(case):
    return case["truth"]["images"] and case["truth"]["categories"]


def shrink(case, planted):
    while True:
        candidates = [candidate for candidate in smaller_cases(case) if has_sense(candidate)]
        bad = failing([json.dumps(with_answers(candidate, planted)) for candidate in candidates], quiet=True)
        if not bad:
            return case
        case = candidates[bad[0]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=10000)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--skip-build", action="store_true")
    parser.add_argument("--planted", action="store_true")
    arguments = parser.parse_args()
    if not arguments.skip_build:
        subprocess.run(["swift", "build", "--build-tests"], cwd=ROOT, check=True, stdout=sys.stderr)
    seeds = range(arguments.first, arguments.first + arguments.count)
    with multiprocessing.Pool() as pool:
        lines = pool.map(answered_seed, [(seed, arguments.planted) for seed in seeds], chunksize=50)
    bad = failing(lines, quiet=False)
    print(f"{len(lines)} cases, {len(bad)} disagree")
    if bad:
        case = json.loads(lines[bad[0]])
        small = shrink({key: case[key] for key in ("seed", "truth", "detections", "parameters")}, arguments.planted)
        print(f"seed {case['seed']} made as small as it goes:\n" + json.dumps(small))
        sys.exit(1)


if __name__ == "__main__":
    main()

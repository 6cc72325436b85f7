"""Compares DetMetrics with pycocotools on as many random cases as asked for.

    python3 compare_random.py make 10000 /somewhere/cases.json
    DETMETRICS_CASES=/somewhere/cases.json swift test --filter CocoRandomTests

The cases are written with every number of pycocotools' tables summed; the test reads them. A case that
fails is printed by its seed; `python3 compare_random.py shrink SEED` then prints the smallest case made of
parts of it on which `smnas evaluate` and pycocotools still disagree.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

from coco_cases import evaluate, make_case
from make_coco import checksum


def make(count, path, first=1000):
    with open(path, "w") as file:
        for seed in range(first, first + count):
            case = make_case(seed)
            result = evaluate(case)
            case.update(seed=seed, stats=result["stats"],
                        sums={name: checksum(result[name]) for name in ("precision", "recall", "scores")})
            file.write(json.dumps(case) + "\n")


def disagrees(case, program):
    with tempfile.TemporaryDirectory() as folder:
        truth, found = os.path.join(folder, "truth.json"), os.path.join(folder, "found.json")
        json.dump(case["truth"], open(truth, "w"))
        json.dump(case["detections"], open(found, "w"))
        out = subprocess.run([program, "evaluate", "--truth", truth, "--detections", found, "--json"],
                             capture_output=True, text=True)
    if out.returncode != 0:
        return True
    names = "AP AP50 AP75 APsmall APmedium APlarge AR1 AR10 AR100 ARsmall ARmedium ARlarge".split()
    mine = json.loads(out.stdout)
    return bool(np.max(np.abs(np.array([mine[n] for n in names]) - evaluate(case)["stats"])) > 1e-12)


def shrink(seed, program=".build/release/smnas"):
    case = make_case(seed)
    case["parameters"] = {"iouThresholds": None, "detectionLimits": [1, 10, 100], "usesCategories": True}
    if not disagrees(case, program):
        sys.exit("the two agree on this case with the challenge's parameters")
    shrunk = True
    while shrunk:
        shrunk = False
        for rows in (case["detections"], case["truth"]["annotations"]):
            for place in range(len(rows) - 1, -1, -1):
                row = rows.pop(place)
                if disagrees(case, program):
                    shrunk = True
                else:
                    rows.insert(place, row)
    print(json.dumps(case, indent=1))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), sys.argv[3])
    else:
        shrink(int(sys.argv[2]))

"""Golden error analyses by tidecv, the program of "TIDE" (Bolya et al. 2020).

Run with any Python that has tidecv, pycocotools and numpy: python3 make_tide.py > tide.json
The cases leave out where tidecv and COCO's rules differ on purpose: crowds, equal scores, more than a hundred
detections an image, classes without truth, gains below zero (tidecv shows 0).
"""
import json
import sys
import types
from importlib.metadata import version

import numpy as np

for name in ("cv2", "seaborn", "pandas", "appdirs"):  # only for drawing, which is not asked for
    sys.modules.setdefault(name, types.ModuleType(name))
sys.modules["cv2"].FONT_HERSHEY_SIMPLEX = 0
sys.modules["appdirs"].user_data_dir = None

from tidecv import TIDE, Data  # noqa: E402
from tidecv.quantify import TIDERun  # noqa: E402

KINDS = {"Cls": "classification", "Loc": "localization", "Both": "both", "Dupe": "duplicate", "Bkg": "background",
         "Miss": "missed"}


def make_case(rng):
    classes = int(rng.integers(1, 4))
    truths, found = [], []
    for image in range(1, int(rng.integers(2, 6))):
        for _ in range(int(rng.integers(0, 6))):
            box = [*rng.uniform(0, 60, 2), *rng.uniform(8, 30, 2)]
            truths.append({"image": image, "class": int(rng.integers(1, classes + 1)), "box": [round(float(b), 3) for b in box]})
        here = [t for t in truths if t["image"] == image]
        for _ in range(int(rng.integers(0, 12))):
            if here and rng.random() < 0.8:
                near = here[int(rng.integers(0, len(here)))]
                box = np.array(near["box"]) + rng.normal(0, rng.choice([0.5, 4, 9]), 4)
                kind = near["class"] if rng.random() < 0.7 else int(rng.integers(1, classes + 1))
            else:
                box, kind = np.array([*rng.uniform(0, 60, 2), *rng.uniform(8, 30, 2)]), int(rng.integers(1, classes + 1))
            box[2:] = box[2:].clip(1)
            found.append({"image": image, "class": kind, "box": box.round(3).tolist(), "score": round(float(rng.random()), 9)})
    for kind in range(1, classes + 1):
        truths.append({"image": 1, "class": kind, "box": [70.0 + kind, 70.0, 20.0, 20.0]})
    return {"truths": truths, "found": found}


def analyse(case):
    truth, found = Data("truth"), Data("found")
    for kind in sorted({t["class"] for t in case["truths"]}):
        truth.add_class(kind, str(kind))
        found.add_class(kind, str(kind))
    for image in range(1, 6):
        truth.add_image(image, str(image))
        found.add_image(image, str(image))
    for t in case["truths"]:
        truth.add_ground_truth(t["image"], t["class"], t["box"])
    for d in case["found"]:
        found.add_detection(d["image"], d["class"], d["score"], d["box"])
    run = TIDERun(truth, found, 0.5, 0.1, TIDE.BOX, 100)
    counts = {KINDS[e.short_name]: n for e, n in run.count_errors().items()}
    gains = {KINDS[e.short_name]: g / 100 for e, g in run.fix_main_errors().items()}
    return {"AP": run.ap / 100, "counts": counts, "gains": gains}


rng = np.random.default_rng(3)
cases = []
for _ in range(24):
    case = make_case(rng)
    case.update(analyse(case))
    cases.append(case)
print(json.dumps({"tidecv": version("tidecv"), "cases": cases}))

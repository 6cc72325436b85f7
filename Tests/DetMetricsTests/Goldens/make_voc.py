"""Golden VOC average precisions, by the development kit's VOCevaldet.m put into numpy.

Boxes are whole pixels with inclusive corners there, hence the "+ 1"; DetMetrics is given x, y and the size.
Run with any Python that has numpy: python3 make_voc.py > voc.json
"""
import json

import numpy as np

rng = np.random.default_rng(11)


def overlap(a, b):
    w = min(a[2], b[2]) - max(a[0], b[0]) + 1
    h = min(a[3], b[3]) - max(a[1], b[1]) + 1
    if w <= 0 or h <= 0:
        return 0.0
    union = (a[2] - a[0] + 1) * (a[3] - a[1] + 1) + (b[2] - b[0] + 1) * (b[3] - b[1] + 1) - w * h
    return w * h / union


def evaluate(truths, found, least):
    positives = sum(not t["difficult"] for t in truths)
    taken, rights, wrongs = set(), [], []
    for d in sorted(found, key=lambda d: -d["score"]):
        best, match = -np.inf, None
        for place, t in enumerate(truths):
            if t["image"] == d["image"]:
                o = overlap(d["corners"], t["corners"])
                if o > best:
                    best, match = o, place
        right = wrong = 0
        if best >= least:
            if not truths[match]["difficult"]:
                right, wrong = (0, 1) if match in taken else (1, 0)
                taken.add(match)
        else:
            wrong = 1
        rights.append(right)
        wrongs.append(wrong)
    tp, fp = np.cumsum(rights), np.cumsum(wrongs)
    recall = tp / positives
    with np.errstate(invalid="ignore"):
        precision = np.nan_to_num(tp / (tp + fp))
    eleven = sum(max(precision[recall >= t / 10], default=0.0) for t in range(11)) / 11
    mrec, mpre = np.concatenate([[0], recall, [1]]), np.concatenate([[0], precision, [0]])
    for i in range(len(mpre) - 2, -1, -1):
        mpre[i] = max(mpre[i], mpre[i + 1])
    steps = np.where(mrec[1:] != mrec[:-1])[0] + 1
    return float(eleven), float(np.sum((mrec[steps] - mrec[steps - 1]) * mpre[steps]))


def box():
    x, y, w, h = rng.integers(0, 40, 2).tolist() + rng.integers(4, 30, 2).tolist()
    return [x, y, x + w, y + h]


cases = []
for _ in range(40):
    truths = [{"image": int(rng.integers(1, 5)), "corners": box(), "difficult": bool(rng.random() < .2)} for _ in range(int(rng.integers(1, 12)))]
    truths.append({"image": 1, "corners": box(), "difficult": False})
    found = []
    for _ in range(int(rng.integers(1, 40))):
        near = truths[int(rng.integers(0, len(truths)))]
        corners = [int(c + s) for c, s in zip(near["corners"], rng.integers(-3, 4, 4))] if rng.random() < .7 else box()
        found.append({"image": near["image"], "corners": corners, "score": float(rng.integers(0, 20) / 20)})
    eleven, area = evaluate(truths, found, .5)
    cases.append({"truths": truths, "found": found, "elevenPoint": eleven, "area": area})
print(json.dumps({"numpy": np.__version__, "cases": cases}))

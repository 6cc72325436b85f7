"""Random COCO cases that provoke disagreement, and what pycocotools makes of them.

Crowds, equal scores, equal overlaps, boxes of no area, images without anything, ids beyond 32 bits, the id 0,
more detections than the limits, areas on the edges of the ranges, boxes apart from their `area`.
"""
import contextlib
import io
import random

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def make_case(seed):
    r = random.Random(seed)
    big = r.random() < 0.2
    def ids(count, start):
        first = (1 << 40) if big else start
        return r.sample(range(first, first + 3 * count + 1), count)
    images = ids(r.randint(1, 6), 0)
    categories = ids(r.randint(1, 4), 0)
    grid = r.choice([1, 1, 8, 16])
    side = r.choice([24, 60, 160, 400])
    def box():
        if grid > 1:  # a coarse grid makes equal overlaps
            numbers = [r.randint(0, 4) * grid, r.randint(0, 4) * grid, r.randint(0, 4) * grid, r.randint(0, 4) * grid]
            return [float(n) for n in numbers] if r.random() < 0.5 else numbers
        w, h = r.uniform(0, side), r.uniform(0, side)
        if r.random() < 0.05:
            w = 0.0
        return [r.uniform(-10, side), r.uniform(-10, side), w, h]
    def near(b):
        if grid > 1 and r.random() < 0.5:
            return list(b)
        return [b[0] + r.uniform(-3, 3), b[1] + r.uniform(-3, 3), b[2] * r.uniform(0.8, 1.2), b[3] * r.uniform(0.8, 1.2)]
    annotations = []
    first = r.choice([0, 1, 1, 1, 1 << 40])
    for number in range(r.choice([0, 1, 3, 10, 30])):
        b = box()
        area = b[2] * b[3]
        if r.random() < 0.3:
            area = r.choice([area * 0.6, 1024, 9216, 1024.5, 0, 1e10, 2e10])
        annotations.append({
            "id": first + number, "image_id": r.choice(images), "category_id": r.choice(categories),
            "bbox": b, "area": area, "iscrowd": int(r.random() < 0.15)})
    r.shuffle(annotations)
    detections = []
    scores = r.choice([None, [0.5], [0.1, 0.5, 0.9], [0, -1, 1, -0.0]])
    crowded = r.random() < 0.1
    for _ in range(r.choice([0, 1, 5, 40]) if not crowded else 160):
        target = r.choice(annotations) if annotations and r.random() < 0.7 else None
        if target:
            image, category, b = target["image_id"], target["category_id"], near(target["bbox"])
            if r.random() < 0.1:
                category = r.choice(categories)
        else:
            image, category, b = r.choice(images), r.choice(categories), box()
        if crowded:
            image, category = images[0], categories[0]
        detections.append({"image_id": image, "category_id": category, "bbox": b,
                           "score": r.choice(scores) if scores else r.random()})
    return {
        "truth": {"images": [{"id": i, "width": 640, "height": 480, "file_name": f"{i}.jpg"} for i in images],
                  "categories": [{"id": c, "name": f"category {c}"} for c in categories],
                  "annotations": annotations},
        "detections": detections,
        "parameters": make_parameters(r)}


def make_parameters(r):
    """Mostly the challenge's own."""
    parameters = {"iouThresholds": None, "detectionLimits": [1, 10, 100], "usesCategories": True}
    if r.random() < 0.15:
        parameters["iouThresholds"] = sorted(r.choice([0.0, 0.1, 0.3, 0.5, 0.75, 0.9, 1.0]) for _ in range(3))
    if r.random() < 0.15:
        parameters["detectionLimits"] = sorted(r.sample([1, 2, 3, 7, 50, 100, 300], 3))
    if r.random() < 0.1:
        parameters["usesCategories"] = False
    return parameters


def evaluate(case):
    """Every number of pycocotools for a case: the twelve, and the whole tables."""
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        # pycocotools writes into the annotations: give it copies.
        truth.dataset = {key: [dict(row) for row in rows] for key, rows in case["truth"].items()}
        truth.createIndex()
        found = COCO()
        found.dataset = {"images": truth.dataset["images"], "categories": truth.dataset["categories"]}
        found.dataset["annotations"] = [
            dict(d, id=n + 1, area=d["bbox"][2] * d["bbox"][3], iscrowd=0) for n, d in enumerate(case["detections"])]
        found.createIndex()
        run = COCOeval(truth, found, "bbox")
        p = case["parameters"]
        if p["iouThresholds"] is not None:
            run.params.iouThrs = np.array(p["iouThresholds"])
        run.params.maxDets = p["detectionLimits"]
        run.params.useCats = int(p["usesCategories"])
        run.evaluate()
        run.accumulate()
        run.summarize()
    e = run.eval
    # pycocotools asks for AP at limit 100 whatever the limits are: ask as it would with the largest.
    values = e["precision"][:, :, :, 0, -1]
    defined = values[values > -1]
    stats = run.stats.tolist()
    stats[0] = float(np.mean(defined)) if len(defined) else -1.0
    return {"stats": stats,
            # [class, area, limit, threshold, recall], as the tables of DetMetrics lie.
            "precision": np.transpose(e["precision"], (2, 3, 4, 0, 1)),
            "scores": np.transpose(e["scores"], (2, 3, 4, 0, 1)),
            "recall": np.transpose(e["recall"], (1, 2, 3, 0))}

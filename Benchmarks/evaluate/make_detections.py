"""Truths and detections of COCO's size and shape: python3 make_detections.py FOLDER COUNT…

5,000 images, 80 classes, about 36,000 truths with polygons as in instances_val2017.json (1 % crowds), written once;
for each COUNT a file of so many detections (36000, 360k, 10M …), with numbers as detectors write them: single
precision, in full. Four in ten lie near a truth, as those of a detector at work do.
"""
import json
import os
import sys

import numpy as np

IMAGES, CLASSES, TRUTHS = 5000, 80, 36000


def make_truth(rng):
    image_ids = np.sort(rng.choice(600_000, IMAGES, replace=False)) + 1
    category_ids = np.sort(rng.choice(np.arange(1, 91), CLASSES, replace=False))
    # A few classes have most of the things, and a few images too.
    weights = 1 / np.arange(1, CLASSES + 1)
    images = rng.choice(IMAGES, TRUTHS, p=rng.dirichlet(np.full(IMAGES, 1.1)))
    classes = rng.choice(CLASSES, TRUTHS, p=weights / weights.sum())
    size = np.exp(rng.normal(4.0, 1.0, (TRUTHS, 2))).clip(4, 600).round(2)
    corner = (rng.random((TRUTHS, 2)) * (640 - size).clip(1)).round(2)
    crowd = rng.random(TRUTHS) < 0.01
    return image_ids, category_ids, images, classes, np.hstack([corner, size]), crowd


def write_truth(path, rng, truth):
    image_ids, category_ids, images, classes, boxes, crowd = truth
    annotations = []
    for place in range(TRUTHS):
        x, y, w, h = boxes[place].tolist()
        turns = np.sort(rng.random(int(rng.integers(6, 40)))) * 2 * np.pi
        outline = np.stack([x + w / 2 * (1 + np.cos(turns)), y + h / 2 * (1 + np.sin(turns))], 1).round(2)
        annotations.append({
            "segmentation": [outline.ravel().tolist()], "area": round(w * h * float(rng.uniform(0.4, 0.9)), 4),
            "iscrowd": int(crowd[place]), "image_id": int(image_ids[images[place]]), "bbox": [x, y, w, h],
            "category_id": int(category_ids[classes[place]]), "id": 100_000 + place})
    json.dump({
        "info": {"description": "made up"}, "licenses": [],
        "images": [{"license": 1, "file_name": f"{i:012}.jpg", "height": 480, "width": 640, "id": int(i)} for i in image_ids],
        "annotations": annotations,
        "categories": [{"supercategory": "thing", "id": int(c), "name": f"class {c}"} for c in category_ids],
    }, open(path, "w"))


def write_detections(path, rng, truth, count):
    image_ids, category_ids, images, classes, boxes, _ = truth
    with open(path, "w") as file:
        file.write("[")
        done = 0
        while done < count:
            many = min(count - done, 200_000)
            source = rng.integers(0, TRUTHS, many)
            near = rng.random(many) < 0.4
            image = np.where(near, images[source], rng.integers(0, IMAGES, many))
            category = np.where(near & (rng.random(many) < 0.9), classes[source], rng.integers(0, CLASSES, many))
            size = boxes[source, 2:] * np.where(near[:, None], np.exp(rng.normal(0, 0.15, (many, 2))), 1)
            corner = np.where(near[:, None], boxes[source, :2] + rng.normal(0, 0.1, (many, 2)) * size,
                              rng.random((many, 2)) * (640 - size).clip(1))
            box = np.hstack([corner, size]).astype(np.float32).astype(float)
            score = np.where(near, rng.beta(2, 1.5, many), rng.beta(1, 6, many)).astype(np.float32).astype(float)
            # A detector goes image by image.
            order = np.argsort(image, kind="stable")
            columns = zip(image_ids[image[order]].tolist(), category_ids[category[order]].tolist(),
                          box[order].tolist(), score[order].tolist())
            rows = (f'{{"image_id": {i}, "category_id": {c}, "bbox": [{b[0]}, {b[1]}, {b[2]}, {b[3]}], "score": {s}}}'
                    for i, c, b, s in columns)
            file.write((", " if done else "") + ", ".join(rows))
            done += many
        file.write("]")


if __name__ == "__main__":
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    rng = np.random.default_rng(5)
    truth = make_truth(rng)
    if not os.path.exists(f"{folder}/truth.json"):
        write_truth(f"{folder}/truth.json", np.random.default_rng(6), truth)
    for count in sys.argv[2:]:
        number = int(float(count.replace("k", "e3").replace("M", "e6")))
        write_detections(f"{folder}/{count}.json", np.random.default_rng(7), truth, number)

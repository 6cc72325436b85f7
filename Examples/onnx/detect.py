"""Finds objects in images with a file of `smnas export`, in onnxruntime; nothing of smnas is needed.

    pip install onnxruntime pillow numpy
    python detect.py detector.onnx IMAGE...

Prints a line of JSON for each image, as `smnas detect` does. What the file wants and knows stands in its metadata. A detector that
was trained on tiles sees tiles here, too; of detections of a class that overlap, of different tiles, the surer one stays. (`smnas
detect` also puts objects together that a tile's edge has cut.)
"""
import json
import sys

import numpy as np
import onnxruntime
from PIL import Image


def starts(length, size, stride):
    """Where tiles begin along a side; the last one ends at the edge."""
    return [0] if length <= size else [*range(0, length - size, stride), length - size]


def regions(width, height, tiles):
    """Left, top, width and height of each part that the detector sees."""
    if not tiles:
        return [(0, 0, width, height)]
    size, stride = tiles["size"], tiles["stride"]
    return [
        (x, y, min(size, width), min(size, height)) for y in starts(height, size, stride) for x in starts(width, size, stride)
    ]


def fitted(image, width, height):
    """The image as large as it fits, in the upper left corner of zeros, and by what it was enlarged."""
    scale = min(width / image.width, height / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: size[1], : size[0]] = np.asarray(image.resize(size, Image.BILINEAR))
    return pixels.transpose(2, 0, 1), size, (size[0] / image.width, size[1] / image.height)


def overlap(a, b):
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    common = max(sides[0], 0) * max(sides[1], 0)
    return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common)


class Detector:
    def __init__(self, path):
        self.session = onnxruntime.InferenceSession(path, providers=onnxruntime.get_available_providers())
        known = self.session.get_modelmeta().custom_metadata_map
        self.classes = json.loads(known["classes"])
        self.tiles = json.loads(known["tiles"]) if "tiles" in known else None
        self.most = float(known["suppressionIoU"])
        self.batch, _, self.height, self.width = self.session.get_inputs()[0].shape
        self.isFloat = "float" in self.session.get_inputs()[0].type
        self.scale, self.bias = (np.array(json.loads(known[key]), np.float32).reshape(3, 1, 1) for key in ("pixelScale", "pixelBias"))

    def part(self, image):
        """Boxes, scores and labels in an image that is seen as a whole."""
        pixels, size, scale = fitted(image, self.width, self.height)
        if self.isFloat:
            inside = np.zeros((1, self.height, self.width), np.float32)
            inside[:, : size[1], : size[0]] = 1
            pixels = (pixels * self.scale + self.bias) * inside
        images = np.stack([pixels] * self.batch)
        sizes = np.array([[size[1], size[0]]] * self.batch, np.int64)
        boxes, scores, labels, counts = self.session.run(["boxes", "scores", "labels", "counts"], {"images": images, "sizes": sizes})
        count = counts[0]
        return boxes[0, :count] / np.array([*scale, *scale], np.float32), scores[0, :count], labels[0, :count]

    def __call__(self, image):
        """What is found, best first: (score, label, box, tile)."""
        found = []
        for tile, (x, y, width, height) in enumerate(regions(image.width, image.height, self.tiles)):
            boxes, scores, labels = self.part(image.crop((x, y, x + width, y + height)))
            found += [(float(s), int(l), b + [x, y, x, y], tile) for b, s, l in zip(boxes, scores, labels)]
        kept = []
        for one in sorted(found, key=lambda one: -one[0]):
            if all(one[3] == other[3] or one[1] != other[1] or overlap(one[2], other[2]) <= self.most for other in kept):
                kept.append(one)
        return kept


def main(file, paths):
    detector = Detector(file)
    for path in paths:
        found = detector(Image.open(path).convert("RGB"))
        objects = [{"label": detector.classes[label], "score": score, "box": box.tolist()} for score, label, box, _ in found]
        print(json.dumps({"image": path, "objects": objects}))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])

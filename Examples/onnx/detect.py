"""Finds objects in images with a file of `smnas export`, in onnxruntime; nothing of smnas is needed.

    pip install onnxruntime pillow numpy
    python detect.py detector.onnx IMAGE...

Prints a line of JSON for each image, as `smnas detect` does. What the file wants and knows stands in its metadata. A detector that
was trained on tiles sees tiles here, too (tiles.py), and a file without suppression gets it here (suppression.py).
"""
import json
import sys

import numpy as np
import onnxruntime
from PIL import Image

import suppression
import tiles


class Detector:
    def __init__(self, path):
        self.session = onnxruntime.InferenceSession(path, providers=onnxruntime.get_available_providers())
        self.known = self.session.get_modelmeta().custom_metadata_map
        self.outputs = [output.name for output in self.session.get_outputs()]
        self.classes = json.loads(self.known["classes"])
        self.tiles = json.loads(self.known["tiles"]) if "tiles" in self.known else None
        # Images are brought to this size; the file's is rounded up to multiples of 32.
        self.fit = [int(side) for side in self.known["fit"].split("x")]
        self.batch, _, self.height, self.width = self.session.get_inputs()[0].shape
        # Such a file takes the tiles of an image at once, and puts together what is in them.
        self.joins_tiles = any(one.name == "tiles" for one in self.session.get_inputs())
        self.is_float = "float" in self.session.get_inputs()[0].type
        self.scale, self.bias = (
            np.array(json.loads(self.known[key]), np.float32).reshape(3, 1, 1) for key in ("pixelScale", "pixelBias"))

    def fitted(self, image):
        """The image as large as it fits, in the upper left corner of zeros, and its size there."""
        scale = min(self.fit[0] / image.width, self.fit[1] / image.height)
        width, height = (max(1, int(side * scale + 0.5)) for side in image.size)
        pixels = np.zeros((3, self.height, self.width), np.uint8)
        pixels[:, :height, :width] = np.asarray(image.resize((width, height), Image.BILINEAR)).transpose(2, 0, 1)
        if self.is_float:
            inside = np.zeros((1, self.height, self.width), np.float32)
            inside[:, :height, :width] = 1
            pixels = (pixels * self.scale + self.bias) * inside
        return pixels, (width, height)

    def part(self, image):
        """Boxes, scores and labels in an image that is seen as a whole, in pixels of it."""
        pixels, size = self.fitted(image)
        sizes = np.array([size[::-1]] * self.batch, np.int64)
        found = self.session.run(self.outputs, {"images": np.stack([pixels] * self.batch), "sizes": sizes})
        found = {name: value[0] for name, value in zip(self.outputs, found)}
        if "counts" in found:
            boxes, scores, labels = (found[name][: found["counts"]] for name in ("boxes", "scores", "labels"))
        else:
            boxes, scores, labels = suppression.detections(found["boxes"], found["scores"], self.known)
        return boxes / np.tile(np.divide(size, image.size), 2), scores, labels

    def joined(self, image):
        """What a file that takes all tiles of an image finds in it."""
        fields = tiles.regions(image.width, image.height, self.tiles)
        if len(fields) > self.batch:
            sys.exit(f"the image has {len(fields)} tiles, and the file takes {self.batch}: export with --tiles {len(fields)}")
        # Places without a tile are no part of the image.
        fields = np.array(fields + [(0, 0, 0, 0)] * (self.batch - len(fields)), np.int64)
        images = np.zeros((self.batch, 3, self.height, self.width), np.float32 if self.is_float else np.uint8)
        sizes = np.ones((self.batch, 2), np.int64)
        for place, field in enumerate(fields):
            if field[2]:
                images[place], (width, height) = self.fitted(image.crop(tuple(field)))
                sizes[place] = height, width
        extent = np.array([[image.height, image.width]], np.int64)
        found = self.session.run(
            ["boxes", "scores", "labels", "counts"], {"images": images, "sizes": sizes, "tiles": fields, "extent": extent})
        boxes, scores, labels = (values[0][: found[3][0]] for values in found[:3])
        return list(zip(boxes, scores.tolist(), labels.tolist()))

    def __call__(self, image):
        """What is found, best first: (box, score, label)."""
        if self.joins_tiles:
            return self.joined(image)
        pieces = []
        for tile, field in enumerate(tiles.regions(image.width, image.height, self.tiles)):
            for box, score, label in zip(*self.part(image.crop(field))):
                pieces.append(tiles.piece(box, float(score), int(label), tile, field, image.width, image.height))
        return tiles.merged(pieces, float(self.known["suppressionIoU"]))


def main(file, paths):
    detector = Detector(file)
    for path in paths:
        objects = [
            {"label": detector.classes[label], "score": score, "box": [float(side) for side in box]}
            for box, score, label in detector(Image.open(path).convert("RGB"))
        ]
        print(json.dumps({"image": path, "objects": objects}))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])

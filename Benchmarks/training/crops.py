#!/usr/bin/env python3
"""A folder of images per class out of annotated aerial images: square crops around the objects, and as many of the ground between them.

    python3 crops.py ../../.deps/trees/train FOLDER [--size 64] [--seed 1]

The folder has what a plan's final.classification reads: FOLDER/tree/*.png and FOLDER/ground/*.png. Needs Pillow.
"""
import argparse
import glob
import os
import random
import xml.etree.ElementTree as ET

from PIL import Image


def boxes_of(annotation):
    for box in ET.parse(annotation).getroot().iter("bndbox"):
        yield tuple(float(box.find(side).text) for side in ("xmin", "ymin", "xmax", "ymax"))


def crop(image, box, size, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    image.crop(tuple(round(side) for side in box)).resize((size, size), Image.BILINEAR).save(path)


def around(box, factor):
    """The square around a box, so many times as wide as its longer side."""
    half = factor * max(box[2] - box[0], box[3] - box[1]) / 2
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return across - half, down - half, across + half, down + half


def shared(one, other):
    """The area that two boxes share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(0, width) * max(0, height)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("folder")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    drawn = random.Random(arguments.seed)
    counts = {"tree": 0, "ground": 0}
    for annotation in sorted(glob.glob(os.path.join(arguments.source, "*.xml"))):
        image = Image.open(annotation[:-4] + ".png").convert("RGB")
        boxes = list(boxes_of(annotation))
        for box in boxes:
            crop(image, around(box, 1.3), arguments.size, f"{arguments.folder}/tree/{counts['tree']:05}.png")
            counts["tree"] += 1
        wanted = counts["tree"]
        for _ in range(100 * len(boxes)):
            if counts["ground"] == wanted:
                break
            like = drawn.choice(boxes)
            side = 1.3 * max(like[2] - like[0], like[3] - like[1])
            left, top = drawn.uniform(0, image.width - side), drawn.uniform(0, image.height - side)
            window = (left, top, left + side, top + side)
            if sum(shared(window, box) for box in boxes) > 0.05 * side * side:
                continue
            crop(image, window, arguments.size, f"{arguments.folder}/ground/{counts['ground']:05}.png")
            counts["ground"] += 1
    print(", ".join(f"{count} of {name}" for name, count in counts.items()))


if __name__ == "__main__":
    main()

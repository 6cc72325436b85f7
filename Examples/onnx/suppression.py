"""What is left to do with the outputs of a file that was exported with --without-suppression.

Such a file has no operator that suppresses, and no size in it hangs on what is in an image. It gives boxes and scores of all anchors, or
of all regions that were proposed; this makes detections of them, the same that the file would give with suppression inside.
"""
import json

import numpy as np


def overlaps(box, others):
    """Intersection over union of a box [4] with others [n, 4]."""
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    common = np.clip(sides, 0, None).prod(1)
    union = (box[2:] - box[:2]).prod() + (others[:, 2:] - others[:, :2]).prod(1) - common
    # Boxes without an area overlap nothing.
    return np.divide(common, union, out=np.zeros_like(union), where=union > 0)


def suppressed(boxes, scores, most_overlap):
    """The places of boxes of one class that stay, by falling score: each drops those that overlap it too far."""
    order = np.argsort(-scores, kind="stable")
    kept = []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(best)
        order = order[overlaps(boxes[best], boxes[order]) <= most_overlap]
    return kept


def detections(boxes, scores, known):
    """Boxes [D, 4], scores [D] and labels [D] of one image, best first.

    boxes [A, 4], or [A, classes, 4] where every class has its own, and scores [A, classes] are the file's; known is its metadata.
    """
    classes = scores.shape[1]
    flat, start, pairs = scores.ravel(), 0, []
    # Of each level of a pyramid the best pairs of a row and a class.
    for rows in json.loads(known["rowsPerLevel"]):
        own = np.arange(start * classes, (start + rows) * classes)
        own = own[flat[own] > float(known["scoreFloor"])]
        if rows < len(scores):
            own = own[np.argsort(-flat[own], kind="stable")[: int(known["mostPerLevel"])]]
        pairs.append(own)
        start += rows
    pairs = np.concatenate(pairs)
    own = boxes.reshape(-1, 4)[pairs // classes if boxes.ndim == 2 else pairs]
    kept = []
    for label in range(classes):
        places = np.flatnonzero(pairs % classes == label)
        kept += list(places[suppressed(own[places], flat[pairs[places]], float(known["suppressionIoU"]))])
    kept = sorted(kept, key=lambda place: -flat[pairs[place]])[: int(known["mostPerImage"])]
    return own[kept], flat[pairs[kept]], pairs[kept] % classes

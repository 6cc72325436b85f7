"""Golden values of tensor operations and their gradients, from PyTorch; writes operations.json.

Inputs are sin(0.7 i + phase), so that the test makes them without reading them.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F


def wave(shape, phase):
    count = math.prod(shape)
    values = [math.sin(0.7 * i + phase) for i in range(count)]
    return torch.tensor(values, dtype=torch.float32).reshape(shape).requires_grad_()


def record(name, run, shapes):
    inputs = [wave(shape, 0.3 * k) for k, shape in enumerate(shapes)]
    out = run(*inputs)
    weights = wave(list(out.shape), 1.1).detach()
    (out * weights).sum().backward()
    return {"name": name, "shapes": shapes, "shape": list(out.shape),
            "values": [round(v, 7) for v in out.detach().flatten().tolist()],
            "gradients": [[round(v, 7) for v in x.grad.flatten().tolist()] for x in inputs]}


def standardized(w):
    rows = w.flatten(1)
    rows = rows - rows.mean(1, keepdim=True)
    return (rows / torch.sqrt(rows.pow(2).mean(1, keepdim=True) + 1e-5)).view_as(w)


classes = torch.tensor([2, 0, 1])
x4 = [2, 4, 5, 6]
cases = [
    record("conv", lambda x, w, b: F.conv2d(x, w, b, stride=2, padding=1), [x4, [3, 4, 3, 3], [3]]),
    record("convDilated", lambda x, w: F.conv2d(x, w, padding=2, dilation=2), [x4, [3, 4, 3, 3]]),
    record("convGrouped", lambda x, w: F.conv2d(x, w, padding=1, groups=2), [x4, [6, 2, 3, 3]]),
    record("convTransposed", lambda x, w, b: F.conv_transpose2d(x, w, b, stride=2), [[1, 3, 3, 3], [3, 2, 2, 2], [2]]),
    record("linear", F.linear, [[3, 5], [4, 5], [4]]),
    record("maxPool", lambda x: F.max_pool2d(x, 3, 2, 1), [x4]),
    record("nearest", lambda x: F.interpolate(x, size=(10, 9), mode="nearest"), [x4]),
    record("bilinear", lambda x: F.interpolate(x, size=(9, 7), mode="bilinear", align_corners=False), [x4]),
    record("groupNorm", lambda x, w, b: F.group_norm(x, 2, w, b), [x4, [4], [4]]),
    record("batchNorm", lambda x, w, b: F.batch_norm(x, torch.zeros(4), torch.ones(4), w, b, True), [x4, [4], [4]]),
    record("weightStandardized", standardized, [[3, 4, 3, 3]]),
    record("softmax", lambda x: F.softmax(x, 1), [[3, 4]]),
    record("sigmoid", torch.sigmoid, [[3, 4]]),
    record("smoothL1", lambda x, y: F.smooth_l1_loss(x, y, beta=0.25, reduction="sum"), [[3, 4], [3, 4]]),
    record("binaryCrossEntropy", lambda x: F.binary_cross_entropy_with_logits(
        x, torch.arange(12).reshape(3, 4).remainder(2).float(), reduction="mean"), [[3, 4]]),
    record("crossEntropy", lambda x: F.cross_entropy(x, classes), [[3, 4]]),
    record("crossEntropySmoothed", lambda x: F.cross_entropy(x, classes, label_smoothing=0.1, reduction="sum"), [[3, 4]]),
    record("broadcast", lambda x, y: x * y + x / (y + 2), [[3, 1, 4], [2, 1]]),
    record("gather", lambda x: x.gather(1, torch.tensor([[0, 3], [1, 1], [2, 0]])), [[3, 4]]),
]
out = {"version": 1, "library": f"torch {torch.__version__}", "cases": cases}
pathlib.Path(__file__).with_name("operations.json").write_text(json.dumps(out, indent=0) + "\n")

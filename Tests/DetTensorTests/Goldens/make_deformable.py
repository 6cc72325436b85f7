"""Golden values of torchvision's deformable convolution and all its gradients; writes deformable.json.

Inputs are scale * sin(0.7 i + phase), so that the test makes them without reading them. Run with torch and torchvision
0.28 on the CPU.
"""
import json
import math
import pathlib

import torch
import torchvision
from torchvision.ops import deform_conv2d


def wave(shape, phase, scale=1.0):
    values = [scale * math.sin(0.7 * i + phase) for i in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float32).reshape(shape)


def rounded(tensor):
    return [float("%.7g" % v) for v in tensor.detach().double().flatten().tolist()]


def case(name, x, weight, deformable, reach, stride=1, padding=1, dilation=1):
    """Offsets reach so many cells; 0 leaves every tap where a plain convolution has it."""
    size = [(x[2 + i] + 2 * padding - dilation * (weight[2 + i] - 1) - 1) // stride + 1 for i in (0, 1)]
    offsets = [x[0], 2 * deformable * weight[2] * weight[3]] + size
    shapes = [x, weight, [weight[0]], offsets]
    inputs = [wave(s, 0.3 * k, reach if k == 3 else 1.0).requires_grad_() for k, s in enumerate(shapes)]
    image, filters, bias, moves = inputs
    out = deform_conv2d(image, moves, filters, bias, stride=stride, padding=padding, dilation=dilation)
    (out * wave(list(out.shape), 1.1)).sum().backward()
    return {"name": name, "shapes": shapes, "reach": reach, "stride": stride, "padding": padding,
            "dilation": dilation, "values": rounded(out), "gradients": [rounded(i.grad) for i in inputs]}


cases = [
    case("as a plain convolution", [2, 3, 5, 4], [2, 3, 3, 3], 1, 0.0),
    case("between pixels", [2, 3, 5, 4], [2, 3, 3, 3], 1, 0.9),
    case("beyond the map", [1, 4, 5, 6], [3, 4, 3, 3], 1, 4.5),
    case("groups of filters and of offsets", [2, 8, 6, 5], [4, 4, 3, 3], 4, 1.3, stride=2),
    case("dilated, oblong, unpadded", [1, 4, 7, 6], [4, 2, 3, 2], 2, 1.3, padding=0, dilation=2),
]
out = {"version": 1, "library": f"torchvision {torchvision.__version__}", "cases": cases}
pathlib.Path(__file__).with_name("deformable.json").write_text(json.dumps(out) + "\n")

"""Writes classifier.json: what torchvision's classifiers answer on made-up images with made-up weights.

Weights and images come out of the formula of make_torchvision.py, which the tests have too.
Run with torch and torchvision 0.28 on the CPU:  python make_classifier.py
"""
import json
import pathlib

import numpy as np
import torch
import torchvision

torch.set_num_threads(1)


def tensor(key, *shape):
    """Numbers of -1 ..< 1 of the stream `key`."""
    places = torch.arange(int(np.prod(shape)), dtype=torch.float64)
    wave = torch.sin(places * 12.9898 + key * 7.31) * 43758.5453
    return ((wave - wave.floor()) * 2 - 1).reshape(shape).float()


def fill(model):
    """Every parameter and buffer from its place among the sorted names."""
    state = {k: v for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}
    for key, name in enumerate(sorted(state)):
        value = state[name]
        if value.dim() > 1:
            value.copy_(tensor(key, *value.shape) * (6 / value[0].numel()) ** 0.5)
        elif name.endswith("running_var") or name.endswith("weight"):
            value.copy_(1 + 0.2 * tensor(key, *value.shape))
        else:
            value.copy_(0.1 * tensor(key, *value.shape))


answers = {"torch": torch.__version__, "torchvision": torchvision.__version__, "networks": []}
for name, text in [("resnet18", "resnet18"), ("mobilenet_v2", "mobilenetv2")]:
    model = torchvision.models.__dict__[name](weights=None, num_classes=7).eval()
    fill(model)
    with torch.no_grad():
        logits = model(tensor(100, 2, 3, 64, 64))
    state = {k: list(v.shape) for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}
    answers["networks"].append({
        "backbone": text,
        "parameters": sum(p.numel() for p in model.parameters()),
        "names": sorted(state),
        "logits": [float("%.8g" % v) for v in logits.double().flatten().tolist()],
    })
path = pathlib.Path(__file__).with_name("classifier.json")
path.write_text(json.dumps(answers, separators=(",", ":")) + "\n")

#!/usr/bin/env python3
"""Writes backbone.json: what torchvision's backbones and pyramids compute.

    python3 make_backbone.py > backbone.json

Weights and images are not stored: both sides draw them from one formula (`drawn` here, `Drawn.swift` in the tests).
"""
import json
import math

import torch
import torchvision
from torch import nn
from torchvision.models import mobilenetv2, resnet
from torchvision.ops.feature_pyramid_network import (
    FeaturePyramidNetwork, LastLevelMaxPool, LastLevelP6P7)

torch.manual_seed(0)
torch.set_num_threads(1)
HEIGHT, WIDTH = 75, 101  # odd, so that every level rounds


def phase(name):
    value = 0
    for byte in name.encode():
        value = (value * 31 + byte) % 10007
    return value / 100


def drawn(name, shape):
    """Numbers of -1 ..< 1 that depend on the name and the place alone."""
    place = torch.arange(math.prod(shape), dtype=torch.float64)
    wave = torch.sin(place * 12.9898 + phase(name)) * 43758.5453
    return ((wave - torch.floor(wave)) * 2 - 1).reshape(shape)


def parameter(name, shape):
    values = drawn(name, shape)
    if len(shape) == 4:
        return values * math.sqrt(3 / math.prod(shape[1:]))
    if name.endswith("running_var") or name.endswith("weight"):
        return 1 + 0.3 * values
    return 0.1 * values


def fill(module, prefix):
    state = module.state_dict()
    for name, tensor in state.items():
        if tensor.dtype.is_floating_point:
            tensor.copy_(parameter(prefix + name, list(tensor.shape)).float())
    module.load_state_dict(state)
    return module


def images():
    return drawn("images", [2, 3, HEIGHT, WIDTH]).float()


def summary(tensor, count=24):
    flat = tensor.detach().double().flatten()
    places = [index * (len(flat) - 1) // (count - 1) for index in range(count)]
    return {
        "shape": list(tensor.shape),
        "largest": flat.abs().max().item(),
        "mean": flat.mean().item(),
        "meanMagnitude": flat.abs().mean().item(),
        "places": places,
        "samples": [flat[place].item() for place in places],
    }


class Body(nn.Module):
    """A stem and four stages under torchvision's names."""

    def stages(self, x):
        features = []
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
            features.append(x)
        return features


class Classic(Body):
    def __init__(self, net):
        super().__init__()
        for name, child in net.named_children():
            if name not in ("avgpool", "fc"):
                setattr(self, name, child)

    def forward(self, x):
        return self.stages(self.maxpool(self.relu(self.bn1(self.conv1(x)))))


def projected(kind, inputs, outputs, stride, expansion):
    if stride == 1 and inputs == outputs * expansion:
        return None
    return nn.Sequential(
        nn.Conv2d(inputs, outputs * expansion, 1, stride, bias=False),
        nn.BatchNorm2d(outputs * expansion))


class Coded(Body):
    """The stage codes of SM-NAS out of torchvision's blocks; `stem` is "two" or "seven"."""

    def __init__(self, kind, base, code, stem="two"):
        super().__init__()
        self.stem = stem
        self.activate = nn.functional.relu6 if kind == "mbblock" else torch.relu
        if stem == "two":
            self.conv1 = nn.Conv2d(3, base // 2, 3, 2, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(base // 2)
            self.conv2 = nn.Conv2d(base // 2, base, 3, 2, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(base)
        else:
            self.conv1 = nn.Conv2d(3, base, 7, 2, 3, bias=False)
            self.bn1 = nn.BatchNorm2d(base)
        inputs = width = base
        for number, stage in enumerate(code.split("-")):
            blocks = []
            for index, letter in enumerate(stage):
                width *= int(letter)
                stride = 2 if number and not index else 1
                if kind == "basicblock":
                    block = resnet.BasicBlock(
                        inputs, width, stride, projected(kind, inputs, width, stride, 1))
                    inputs = width
                elif kind == "mbblock":
                    block = mobilenetv2.InvertedResidual(inputs, width, stride, 6)
                    inputs = width
                else:
                    groups = 1 if kind == "bottleneck" else base // 2
                    per_group = 64 if kind == "bottleneck" else 256 / base
                    block = resnet.Bottleneck(
                        inputs, width, stride, projected(kind, inputs, width, stride, 4),
                        groups=groups, base_width=per_group)
                    inputs = width * 4
                blocks.append(block)
            setattr(self, f"layer{number + 1}", nn.Sequential(*blocks))

    def forward(self, x):
        x = self.activate(self.bn1(self.conv1(x)))
        if self.stem == "two":
            x = self.activate(self.bn2(self.conv2(x)))
        else:
            x = nn.functional.max_pool2d(x, 3, 2, 1)
        return self.stages(x)


class Mobile(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.features = torchvision.models.mobilenet_v2(width_mult=width).features[:18]

    def forward(self, x):
        features = []
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in (3, 6, 13, 17):
                features.append(x)
        return features


class StandardizedConv(nn.Conv2d):
    def forward(self, x):
        weight = self.weight
        mean = weight.mean(dim=(1, 2, 3), keepdim=True)
        variance = weight.var(dim=(1, 2, 3), keepdim=True, unbiased=False)
        return self._conv_forward(x, (weight - mean) / torch.sqrt(variance + 1e-5), None)


def standardize(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Conv2d):
            conv = StandardizedConv(
                child.in_channels, child.out_channels, child.kernel_size, child.stride,
                child.padding, bias=False)
            setattr(module, name, conv)
        else:
            standardize(child)
    return module


def classic(name, **arguments):
    return Classic(getattr(torchvision.models, name)(**arguments))


BACKBONES = {
    "resnet18": classic("resnet18"),
    "resnet34": classic("resnet34"),
    "resnet50": classic("resnet50"),
    "resnet101": classic("resnet101"),
    "resnext50": classic("resnext50_32x4d"),
    "resnext101": classic(
        "resnet101", groups=32, width_per_group=4),  # torchvision only ships the 32x8d and 64x4d
    "mobilenetv2": Mobile(1.0),
    "mobilenetv2 16": Mobile(0.5),
    "mobilenetv2 24": Mobile(0.75),
    "resnet18 24": Coded("basicblock", 24, "11-21-21-21", stem="seven"),
    "resnext50 16": Coded("xbottleneck", 16, "111-2111-211111-211", stem="seven"),
    "basicblock 16 12-121-2-11": Coded("basicblock", 16, "12-121-2-11"),
    "bottleneck 16 12-121-2-11": Coded("bottleneck", 16, "12-121-2-11"),
    "xbottleneck 16 12-121-2-11": Coded("xbottleneck", 16, "12-121-2-11"),
    "mbblock 16 12-121-2-11": Coded("mbblock", 16, "12-121-2-11"),
}


def backbones():
    rows = []
    for text, net in BACKBONES.items():
        fill(net, "body.").eval()
        with torch.no_grad():
            features = net(images())
        rows.append({
            "backbone": text,
            "parameters": sum(p.numel() for p in net.parameters()),
            "features": [summary(level) for level in features],
        })
    return rows


def pyramids():
    rows = []
    for text, first, channels, extra in [
        ("resnet18", 0, 64, "subsampled"), ("resnet50", 1, 32, "convolved"),
        ("mobilenetv2", 1, 48, "subsampled"),
    ]:
        net = fill(BACKBONES[text], "body.").eval()
        blocks = LastLevelMaxPool() if extra == "subsampled" else LastLevelP6P7(channels, channels)
        with torch.no_grad():
            features = net(images())[first:]
            inputs = [level.shape[1] for level in features]
            pyramid = FeaturePyramidNetwork(inputs, channels, extra_blocks=blocks)
            fill(pyramid, "fpn.").eval()
            levels = pyramid({str(i): level for i, level in enumerate(features)})
        rows.append({
            "backbone": text, "finest": first + 1, "channels": channels, "extra": extra,
            "parameters": sum(p.numel() for p in pyramid.parameters()),
            "levels": [summary(level) for level in levels.values()],
        })
    return rows


def step(net, dtype):
    features = net(images().to(dtype))
    loss = sum((level * drawn(f"weights{i}", list(level.shape)).to(dtype)).mean()
               for i, level in enumerate(features))
    loss.backward()
    return features, loss


def training():
    """Batch statistics, gradients and running statistics of one step, under batch norm and group norm with WS."""
    rows = []
    group = lambda channels: nn.GroupNorm(32, channels)
    for norm, net in [
        ("batch", classic("resnet18")),
        ("group", standardize(classic("resnet18", norm_layer=group))),
    ]:
        watched = ["conv1.weight", "bn1.weight", "layer1.0.conv1.weight",
                   "layer2.0.downsample.0.weight", "layer4.1.conv2.weight", "layer4.1.bn2.bias"]
        # In float64 first: what rounding alone does to a gradient, as it moves activations across zero, is no
        # difference between two libraries.
        step(fill(net, "body.").train().double(), torch.float64)
        exact = {name: net.get_parameter(name).grad.clone() for name in watched}
        net.zero_grad()
        features, loss = step(fill(net.float(), "body.").train(), torch.float32)
        gradients = {}
        for name in watched:
            found = net.get_parameter(name).grad
            difference = (found.double() - exact[name]).abs().max() / exact[name].abs().max()
            gradients[f"body.{name}"] = {**summary(found), "rounding": difference.item()}
        buffers = {}
        if norm == "batch":
            for name in ["bn1.running_mean", "layer4.1.bn2.running_var"]:
                buffers[f"body.{name}"] = summary(net.get_buffer(name))
        rows.append({
            "norm": norm, "loss": loss.item(), "features": [summary(x) for x in features],
            "gradients": gradients, "buffers": buffers,
        })
    return rows


print(json.dumps({
    "torch": torch.__version__, "torchvision": torchvision.__version__,
    "height": HEIGHT, "width": WIDTH,
    "backbones": backbones(), "pyramids": pyramids(), "training": training(),
}, indent=1))

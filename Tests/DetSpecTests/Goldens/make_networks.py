#!/usr/bin/env python3
"""Counts networks of torchvision, and coded networks written here from the paper, layer by layer.

Writes networks.json beside this file. Nothing is computed: all runs on the meta device.
Usage: python make_networks.py
"""
import json
import pathlib

import torch
import torchvision
from torch import nn
from torchvision import models, ops
from torchvision.models import detection
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import (
    BackboneWithFPN, _resnet_fpn_extractor, resnet_fpn_backbone)
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.ops.feature_pyramid_network import LastLevelMaxPool, LastLevelP6P7

HEIGHT, WIDTH = 608, 800  # 800x600, padded to a multiple of 32
CLASSES = 91
ROIS = 1000


def parameters(module):
    return sum(parameter.numel() for parameter in module.parameters())


class Counter:
    """Multiply-accumulates, elements written and bytes moved by convolutions and linear layers."""

    def __init__(self, module):
        self.layers = []
        kinds = (nn.Conv2d, nn.Linear, ops.DeformConv2d)
        for layer in module.modules():
            if isinstance(layer, kinds):
                layer.register_forward_hook(self.note)

    def note(self, layer, inputs, output):
        weights = layer.weight.numel()
        if isinstance(layer, nn.Linear):
            macs = output.numel() * layer.in_features
        else:
            macs = output.numel() * layer.weight[0].numel()
        bias = 0 if layer.bias is None else layer.bias.numel()
        self.layers.append(
            (macs, output.numel(), 4 * (inputs[0].numel() + weights + bias + output.numel())))

    def sums(self):
        return dict(zip(("macs", "activations", "memoryAccessBytes"), map(sum, zip(*self.layers))))


def describe(convolution):
    c = convolution
    assert c.padding[0] == c.kernel_size[0] // 2
    return f"{c.in_channels}-{c.out_channels} k{c.kernel_size[0]} s{c.stride[0]} g{c.groups}"


def backbone(module, features):
    """`features` maps an image to its levels P1 to P4."""
    counter = Counter(module)
    levels = features(torch.empty(1, 3, HEIGHT, WIDTH))
    return {
        "parameters": parameters(module),
        "levels": [list(level.shape[1:]) for level in levels],
        "convolutions": [describe(m) for m in module.modules() if isinstance(m, nn.Conv2d)],
        **counter.sums(),
    }


def resnet(network):
    network.fc = nn.Identity()

    def features(image):
        x = network.maxpool(network.relu(network.bn1(network.conv1(image))))
        levels = []
        for layer in (network.layer1, network.layer2, network.layer3, network.layer4):
            x = layer(x)
            levels.append(x)
        return levels

    return backbone(network, features)


def scaled_resnet(blocks, base):
    """A ResNet of basic blocks whose first stage has `base` channels."""
    network = models.ResNet(models.resnet.BasicBlock, blocks)
    network.inplanes = base
    network.conv1 = nn.Conv2d(3, base, 7, 2, 3, bias=False)
    network.bn1 = nn.BatchNorm2d(base)
    for stage, count in enumerate(blocks):
        stride = 1 if stage == 0 else 2
        layer = network._make_layer(models.resnet.BasicBlock, base << stage, count, stride=stride)
        setattr(network, f"layer{stage + 1}", layer)
    return resnet(network)


def mobilenet(multiplier):
    network = models.mobilenet_v2(width_mult=multiplier).features[:-1]  # the last is the classifier's

    def features(image):
        levels, x = [], image
        for index, layer in enumerate(network):
            x = layer(x)
            if index in (3, 6, 13, 17):
                levels.append(x)
        return levels

    return backbone(network, features)


def norm_convolution(inside, outside, kernel, stride=1, groups=1):
    return nn.Sequential(
        nn.Conv2d(inside, outside, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outside))


class Block(nn.Module):
    """The four blocks of stage codes (SM-NAS, section 2.2; ResNet; ResNeXt; MobileNetV2)."""

    def __init__(self, kind, inside, width, base, stride):
        super().__init__()
        self.outside = width if kind in ("basicblock", "mbblock") else 4 * width
        if kind == "basicblock":
            parts = [norm_convolution(inside, width, 3, stride), norm_convolution(width, width, 3)]
        elif kind == "mbblock":
            wide = 6 * inside
            parts = [norm_convolution(inside, wide, 1),
                     norm_convolution(wide, wide, 3, stride, wide),
                     norm_convolution(wide, width, 1)]
        else:
            wide, groups = (2 * width, base // 2) if kind == "xbottleneck" else (width, 1)
            parts = [norm_convolution(inside, wide, 1),
                     norm_convolution(wide, wide, 3, stride, groups),
                     norm_convolution(wide, 4 * width, 1)]
        self.parts = nn.Sequential(*parts)
        changes = stride != 1 or inside != self.outside
        if changes and kind != "mbblock":
            self.projection = norm_convolution(inside, self.outside, 1, stride)

    def forward(self, x):
        y = self.parts(x)
        if hasattr(self, "projection"):
            self.projection(x)
        return y


def coded(code):
    kind, base, stages = code.split()
    base = int(base)
    stem = [norm_convolution(3, base // 2, 3, 2), norm_convolution(base // 2, base, 3, 2)]
    layers, inside, width = [], base, base
    for stage, letters in enumerate(stages.split("-")):
        blocks = []
        for index, letter in enumerate(letters):
            width *= int(letter)
            blocks.append(Block(kind, inside, width, base, 2 if stage and index == 0 else 1))
            inside = blocks[-1].outside
        layers.append(nn.Sequential(*blocks))
    network = nn.Sequential(*stem, *layers)

    def features(image):
        levels, x = [], image
        for index, layer in enumerate(network):
            x = layer(x)
            if index >= 2:
                levels.append(x)
        return levels

    return backbone(network, features)


def part(module, counter_of, run):
    counter = Counter(counter_of)
    run()
    return {"parameters": parameters(module), **counter.sums()}


def norms(module):
    return sum(parameters(m) for m in module.modules() if isinstance(m, nn.BatchNorm2d))


def faster_rcnn(network):
    image = torch.empty(1, 3, HEIGHT, WIDTH)
    maps = list(network.backbone(image).values())
    rois = torch.empty(ROIS, network.backbone.out_channels, 7, 7)
    return {
        "parameters": parameters(network),
        "normParameters": norms(network),
        "pyramid": part(network.backbone, network.backbone, lambda: network.backbone(image)),
        "proposals": part(network.rpn, network.rpn, lambda: network.rpn.head(maps)),
        "head": part(
            network.roi_heads, network.roi_heads,
            lambda: network.roi_heads.box_predictor(network.roi_heads.box_head(rois))),
    }


def retinanet(network):
    image = torch.empty(1, 3, HEIGHT, WIDTH)
    maps = list(network.backbone(image).values())
    return {
        "parameters": parameters(network),
        "normParameters": norms(network),
        "pyramid": part(network.backbone, network.backbone, lambda: network.backbone(image)),
        "head": part(network.head, network.head, lambda: network.head(maps)),
    }


class GuidedAnchoring(nn.Module):
    """The layers of a guided anchoring RPN (Wang et al. 2019; layers as in MMDetection's GARPNHead)."""

    def __init__(self, c):
        super().__init__()
        self.shared = nn.Conv2d(c, c, 3, padding=1)
        self.location = nn.Conv2d(c, 1, 1)
        self.shape = nn.Conv2d(c, 2, 1)
        self.offset = nn.Conv2d(2, 4 * 18, 1, bias=False)
        self.adaption = ops.DeformConv2d(c, c, 3, padding=1, bias=False)
        self.score = nn.Conv2d(c, 1, 1)
        self.box = nn.Conv2d(c, 4, 1)

    def forward(self, x):
        x = self.shared(x)
        self.location(x)
        x = self.adaption(x, self.offset(self.shape(x)))
        return self.score(x), self.box(x)


def guided(c):
    network = GuidedAnchoring(c)
    sizes = [(HEIGHT // s, WIDTH // s) for s in (4, 8, 16, 32)]

    def run():
        for height, width in sizes:
            network(torch.empty(1, c, height, width))

    return part(network, network, run)


CLASSIC_BACKBONES = {
    "r18": models.resnet18, "r34": models.resnet34, "r50": models.resnet50, "r101": models.resnet101,
    "x50": models.resnext50_32x4d,
    "x101": lambda: models.ResNet(
        models.resnet.Bottleneck, [3, 4, 23, 3], groups=32, width_per_group=4),
    "mobilenetv2": lambda: models.mobilenet_v2().features[:-1],
}


def pyramid(short, first, extra):
    """A pyramid of 256 channels over the stages from `first` (0: stride 4) on."""
    network = CLASSIC_BACKBONES[short]()
    if short != "mobilenetv2":
        stages = [first + 1 + i for i in range(4 - first)]
        return _resnet_fpn_extractor(network, 5, returned_layers=stages, extra_blocks=extra)
    places, channels = [3, 6, 13, 17][first:], [24, 32, 96, 320][first:]
    layers = {str(place): str(i) for i, place in enumerate(places)}
    return BackboneWithFPN(network, layers, channels, 256, extra)


def c4(short, classes):
    """Faster R-CNN on stride 16, whose head is the last stage (He et al. 2016)."""
    network = CLASSIC_BACKBONES[short]()
    trunk = nn.Sequential(*list(network.children())[:-3])
    trunk.out_channels = 1024
    return detection.FasterRCNN(
        trunk, rpn_anchor_generator=AnchorGenerator(((32, 64, 128, 256, 512),), ((0.5, 1.0, 2.0),)),
        box_roi_pool=ops.MultiScaleRoIAlign(["0"], 14, 2), box_head=network.layer4,
        box_predictor=FastRCNNPredictor(2048, classes + 1))


def classics(classes=80):
    """Parameters of the classic detectors, out of torchvision's detectors or, where it has none, of its parts."""
    counts = {}
    for short in CLASSIC_BACKBONES:
        two_stage = pyramid(short, 0, LastLevelMaxPool())
        anchors = AnchorGenerator(((32,), (64,), (128,), (256,), (512,)), ((0.5, 1.0, 2.0),) * 5)
        faster = detection.FasterRCNN(two_stage, classes + 1, rpn_anchor_generator=anchors)
        counts[f"faster-rcnn-{short}-fpn"] = parameters(faster)
        step = parameters(TwoMLPHead(256 * 49, 1024)) + parameters(
            FastRCNNPredictor(1024, classes + 1).cls_score) + parameters(nn.Linear(1024, 4))
        counts[f"cascade-rcnn-{short}-fpn"] = (
            parameters(two_stage) + parameters(faster.rpn) + 3 * step)
        counts[f"ga-faster-rcnn-{short}-fpn"] = (
            parameters(faster) - parameters(faster.rpn) + parameters(GuidedAnchoring(256)))
        dense = pyramid(short, 1, LastLevelP6P7(256, 256))
        counts[f"retinanet-{short}-fpn"] = parameters(detection.RetinaNet(dense, classes))
    for short in ("r50", "r101"):
        counts[f"faster-rcnn-{short}-c4"] = parameters(c4(short, classes))
    return counts


def main():
    codes = [
        "basicblock 64 1-21-21-12", "basicblock 56 12-11111-211-1112",
        "bottleneck 56 211-111111111-2111111-11112111", "basicblock 64 11-21-21-21",
        "bottleneck 64 111-2111-211111-211", "xbottleneck 56 21-21-111-21",
        "mbblock 48 12-21-112-11",
    ]
    with torch.device("meta"), torch.no_grad():
        plain = {"weights": None, "weights_backbone": None}
        result = {
            "torch": torch.__version__,
            "torchvision": torchvision.__version__,
            "input": [HEIGHT, WIDTH],
            "classes": CLASSES,
            "rois": ROIS,
            "backbones": {
                "resnet18": resnet(models.resnet18()),
                "resnet34": resnet(models.resnet34()),
                "resnet50": resnet(models.resnet50()),
                "resnet101": resnet(models.resnet101()),
                "resnext50": resnet(models.resnext50_32x4d()),
                "resnext101": resnet(models.ResNet(
                    models.resnet.Bottleneck, [3, 4, 23, 3], groups=32, width_per_group=4)),
                "mobilenetv2": mobilenet(1.0),
                "mobilenetv2 16": mobilenet(0.5),
                "mobilenetv2 24": mobilenet(0.75),
                "resnet18 24": scaled_resnet([2, 2, 2, 2], 24),
                **{code: coded(code) for code in codes},
            },
            "fasterRCNN": faster_rcnn(detection.fasterrcnn_resnet50_fpn(**plain)),
            "fasterRCNN18": faster_rcnn(detection.FasterRCNN(
                resnet_fpn_backbone(
                    backbone_name="resnet18", weights=None, norm_layer=nn.BatchNorm2d), CLASSES)),
            "retinaNet": retinanet(detection.retinanet_resnet50_fpn(**plain)),
            "guidedAnchoring256": guided(256),
            "classics": classics(),
        }
    path = pathlib.Path(__file__).with_name("networks.json")
    path.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")


main()

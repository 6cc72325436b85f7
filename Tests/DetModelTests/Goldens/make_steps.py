"""Writes steps.json: the losses of torchvision's Faster R-CNN and RetinaNet over 50 steps of stochastic gradient descent.

Small detectors with every match sampled, so that nothing is drawn; statistics of norms stay, since those of two images
amplify rounding. Weights and inputs come out of formulas in noise.py. Each training is run twice, by the arithmetic of AVX2 and
by that of AVX-512 ("other"): where these two part, nobody can follow both. Run with torch 2.13 and torchvision 0.28 on a CPU with
AVX-512, in an environment of their own:

    python3 -m venv tv && PIP_CONFIG_FILE=/dev/null PIP_FIND_LINKS= tv/bin/pip install torch==2.13.0 torchvision==0.28.0 numpy
    tv/bin/python make_steps.py
"""
import json
import os
import pathlib
import subprocess
import sys

import torch
import torchvision
from torchvision.models.detection import FasterRCNN, RetinaNet
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import BackboneWithFPN
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.image_list import ImageList
from torchvision.ops.feature_pyramid_network import LastLevelMaxPool, LastLevelP6P7
from torchvision.ops import MultiScaleRoIAlign

from noise import boxes, fill, tensor

STEPS, BATCHES, CHANNELS, WIDTH = 50, 5, 32, 64
RATES = {"faster": 0.005, "retina": 0.0001}
SIDES = {"faster": 64, "retina": 128}


class Narrow(torchvision.models.ResNet):
    """A ResNet-18 with a quarter of the channels."""

    def _make_layer(self, block, planes, *rest, **named):
        if planes == 64:
            self.inplanes = 16
        return super()._make_layer(block, planes // 4, *rest, **named)

    def __init__(self):
        super().__init__(torchvision.models.resnet.BasicBlock, [2, 2, 2, 2])
        self.conv1 = torch.nn.Conv2d(3, 16, 7, 2, 3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(16)


def start(model):
    """Weights by formula; residual branches start small, so that features do not grow from block to block."""
    fill(model)
    with torch.no_grad():
        for name, value in model.named_parameters():
            if name.endswith("bn2.weight"):
                value *= 0.2


def body(levels, extra):
    returned = {f"layer{level}": str(i) for i, level in enumerate(levels)}
    return BackboneWithFPN(Narrow(), returned, [16 << (level - 1) for level in levels], CHANNELS, extra)


def batch(number, side, first_label):
    truths = [boxes(300 + number, 3, side - 4.0), boxes(400 + number, 2, side - 10.0)]
    labels = [[(number + i) % 3 + first_label for i in range(len(t))] for t in truths]
    targets = [{"boxes": t, "labels": torch.tensor(l)} for t, l in zip(truths, labels)]
    return ImageList(tensor(200 + number, 2, 3, side, side), [(side, side), (side - 8, side - 4)]), targets


def trained(model, name, losses_of, first_label):
    model.train()
    model.backbone.eval()  # torchvision's way to keep statistics; scales and shifts are trained
    optimizer = torch.optim.SGD(model.parameters(), RATES[name], momentum=0.9, weight_decay=1e-4)
    rows = []
    for step in range(STEPS):
        losses = losses_of(model, *batch(step % BATCHES, SIDES[name], first_label))
        optimizer.zero_grad()
        sum(losses.values()).backward()
        optimizer.step()
        rows.append({k: float("%.8g" % float(v.detach())) for k, v in losses.items()})
    return rows


def faster():
    pooling = MultiScaleRoIAlign(["0", "1", "2", "3"], 7, 2)
    model = FasterRCNN(
        body([1, 2, 3, 4], LastLevelMaxPool()), num_classes=None,
        rpn_anchor_generator=AnchorGenerator(((16,), (32,), (64,), (128,), (256,)), ((0.5, 1.0, 2.0),) * 5),
        box_roi_pool=pooling, box_head=TwoMLPHead(CHANNELS * 49, WIDTH), box_predictor=FastRCNNPredictor(WIDTH, 4),
        rpn_batch_size_per_image=10**6, box_batch_size_per_image=10**6,
        rpn_pre_nms_top_n_train=200, rpn_post_nms_top_n_train=200)
    start(model)

    def losses_of(model, images, targets):
        features = model.backbone(images.tensors)
        proposals, first = model.rpn(images, features, targets)
        _, second = model.roi_heads(features, proposals, images.image_sizes, targets)
        return {**first, **second}

    return trained(model, "faster", losses_of, 1)


def retina():
    anchors = AnchorGenerator(
        tuple(tuple(int(s * 2 * 2 ** (i / 3)) for i in range(3)) for s in (8, 16, 32, 64, 128)), ((0.5, 1.0, 2.0),) * 5)
    model = RetinaNet(body([2, 3, 4], LastLevelP6P7(CHANNELS, CHANNELS)), num_classes=3, anchor_generator=anchors)
    start(model)
    with torch.no_grad():
        model.head.classification_head.cls_logits.bias.fill_(-4)

    def losses_of(model, images, targets):
        features = list(model.backbone(images.tensors).values())
        return model.compute_loss(targets, model.head(features), model.anchor_generator(images, features))

    return trained(model, "retina", losses_of, 0)


def run(instructions):
    """Both trainings in a process whose oneDNN has no instructions beyond these."""
    command = [sys.executable, __file__, "trainings"]
    return json.loads(subprocess.check_output(command, env={**os.environ, "ONEDNN_MAX_CPU_ISA": instructions}))


def main():
    if sys.argv[1:] == ["trainings"]:
        print(json.dumps({"faster": faster(), "retina": retina()}))
        return
    if "avx512f" not in pathlib.Path("/proc/cpuinfo").read_text():
        sys.exit("make_steps.py: this processor has no AVX-512")
    answer = {"torch": torch.__version__, "torchvision": torchvision.__version__, "rates": RATES,
              **run("AVX2"), "other": run("AVX512_CORE")}
    pathlib.Path(__file__).with_name("steps.json").write_text(json.dumps(answer, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()

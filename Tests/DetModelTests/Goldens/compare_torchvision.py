"""Compares whole detectors through the program: torchvision's weights in a .pth, the same images, the same detections.

Not part of the tests, as the weights have 160 MB. Random weights, whose batch statistics and class scores are set so that
there are detections, go through `smnas weights … --output` and `smnas detect`:

    python compare_torchvision.py .build/debug/smnas
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
import torchvision
from PIL import Image

WIDTH, HEIGHT = 320, 256
OLD_NAMES = {"rpn.head.conv.0.0.": "rpn.head.conv."}
for i in range(4):
    OLD_NAMES[f"backbone.fpn.inner_blocks.{i}.0."] = f"backbone.fpn.inner_blocks.{i}."
    OLD_NAMES[f"backbone.fpn.layer_blocks.{i}.0."] = f"backbone.fpn.layer_blocks.{i}."
    for head in ("classification_head", "regression_head"):
        OLD_NAMES[f"head.{head}.conv.{i}.0."] = f"head.{head}.conv.{2 * i}."


def images(folder):
    """Three pictures of blocks of colour, as PNG files."""
    paths = []
    generator = np.random.default_rng(5)
    for number in range(3):
        coarse = generator.integers(0, 255, (16, 20, 3), dtype=np.uint8)
        picture = Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.BICUBIC)
        paths.append(str(folder / f"{number}.png"))
        picture.save(paths[-1])
    return paths


def calibrated(model, inputs):
    """Gives the batch norms the statistics of the images, and the scores some spread."""
    norms = [m for m in model.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
        norm.train()
    with torch.no_grad():
        model.backbone(model.transform(inputs)[0].tensors)
        for name, parameter in model.named_parameters():
            if name.endswith("cls_score.weight"):
                parameter.mul_(14)
            if name.endswith("bbox_pred.weight"):
                parameter.mul_(4)
        if isinstance(model, torchvision.models.detection.RetinaNet):
            classifier = model.eval().head.classification_head
            logits = classifier(list(model.backbone(model.transform(inputs)[0].tensors).values()))
            classifier.cls_logits.weight.mul_(0.9 / logits.std())
    return model.eval()


def old_names(state):
    """The state dict as torchvision's published files name it."""
    renamed = {}
    for name, value in state.items():
        for new, old in OLD_NAMES.items():
            if name.startswith(new):
                name = old + name[len(new):]
                break
        renamed[name] = value
    return renamed


def compare(name, design, classes, offset, program, folder):
    torch.manual_seed(11)
    make = torchvision.models.detection.__dict__[name]
    most = "detections_per_img" if name.startswith("retina") else "box_detections_per_img"
    model = make(weights=None, weights_backbone=None, min_size=HEIGHT, max_size=WIDTH, **{most: 100}).eval()
    paths = images(folder)
    inputs = [torchvision.transforms.functional.to_tensor(Image.open(p)) for p in paths]
    calibrated(model, inputs)
    with torch.no_grad():
        expected = [model([image])[0] for image in inputs]
    worst = {"score": 0.0, "box": 0.0}
    for naming, state in (("today's", model.state_dict()), ("older", old_names(model.state_dict()))):
        weights, target = folder / f"{name}.pth", folder / f"{name}.safetensors"
        torch.save(state, weights)
        common = ["--design", design, "--classes", str(classes)]
        subprocess.run([program, "weights", weights, *common, "--output", target], check=True, stdout=subprocess.DEVNULL)
        lines = subprocess.run(
            [program, "detect", target, *paths, "--score", "0"], check=True, capture_output=True, text=True).stdout
        for wanted, line in zip(expected, lines.splitlines(), strict=True):
            found = json.loads(line)["objects"]
            # By label and place: scores that are equal to seven digits may come in another order.
            labels = torch.tensor([int(o["label"].split()[-1]) - 1 + offset for o in found])
            scores = torch.tensor([o["score"] for o in found])
            boxes = torch.tensor([o["box"] for o in found])
            assert len(found) == len(wanted["labels"]), (name, naming, len(found), len(wanted["labels"]))
            left = set(range(len(found)))
            for label, score, box in zip(wanted["labels"], wanted["scores"], wanted["boxes"]):
                same = [i for i in left if labels[i] == label]
                assert same, (name, naming, "no detection of the class", int(label))
                best = min(same, key=lambda i: float((boxes[i] - box).abs().max()))
                left.remove(best)
                worst["score"] = max(worst["score"], float((scores[best] - score).abs()))
                worst["box"] = max(worst["box"], float((boxes[best] - box).abs().max()))
        assert worst["score"] < 1e-3 and worst["box"] < 0.1, (name, naming, worst)
        print(f"{name}, {naming} names: {[len(e['labels']) for e in expected]} detections, "
              f"scores within {worst['score']:.1e}, boxes within {worst['box']:.1e} pixels", flush=True)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    torch.set_num_threads(1)
    size = f"{WIDTH}x{HEIGHT}"
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        compare("fasterrcnn_resnet50_fpn", f"{size} | resnet50 | fpn P1-P5 256 | rpn | rcnn", 90, 1, program, folder)
        compare("retinanet_resnet50_fpn", f"{size} | resnet50 | fpn P2-P6 256 | none | retinanet", 91, 0, program, folder)


main()

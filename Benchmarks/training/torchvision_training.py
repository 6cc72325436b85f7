"""The other side: torchvision's Faster R-CNN, trained as its reference script does it, by a recipe of this library.

    python3 torchvision_training.py TRAINING.json

TRAINING.json: {"train", "validation": folders that export-dataset wrote, "case", "seed", "threads", "epochs", "evaluates"}. Prints a
JSON line: images a second of each epoch, share of waiting for data, AP50 and AP by pycocotools.
"""
import contextlib
import io
import json
import math
import os
import sys
import time

import torch
import torchvision
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.rpn import AnchorGenerator, RPNHead
from torchvision.models.resnet import BasicBlock
from torchvision.ops import FeaturePyramidNetwork, MultiScaleRoIAlign
from torchvision.ops.feature_pyramid_network import LastLevelMaxPool
from torchvision.transforms.functional import pil_to_tensor

from cases import CASES


def group_norm(channels):
    """32 groups, as published; narrow or odd layers have as many as leave at least four channels in each, as in this library."""
    if channels >= 64 and channels % 32 == 0:
        return torch.nn.GroupNorm(32, channels)
    most = min(32, max(1, channels // 4))
    return torch.nn.GroupNorm(max(g for g in range(1, most + 1) if channels % g == 0), channels)


class NarrowResNet(torch.nn.Module):
    """ResNet-18 with other base channels, which torchvision's class fixes at 64; its four stages by name."""

    def __init__(self, base, norm):
        super().__init__()
        self.stem = torch.nn.Sequential(
            torch.nn.Conv2d(3, base, 7, 2, 3, bias=False), norm(base), torch.nn.ReLU(inplace=True), torch.nn.MaxPool2d(3, 2, 1))
        self.stages = torch.nn.ModuleList()
        inputs = base
        for number in range(4):
            outputs, stride = base << number, 1 if number == 0 else 2
            change = None if number == 0 else torch.nn.Sequential(
                torch.nn.Conv2d(inputs, outputs, 1, stride, bias=False), norm(outputs))
            self.stages.append(torch.nn.Sequential(
                BasicBlock(inputs, outputs, stride, change, norm_layer=norm), BasicBlock(outputs, outputs, norm_layer=norm)))
            inputs = outputs
        for module in self.modules():
            if isinstance(module, torch.nn.Conv2d):
                torch.nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x, levels = self.stem(x), {}
        for number, stage in enumerate(self.stages):
            x = stage(x)
            levels[str(number)] = x
        return levels


class Backbone(torch.nn.Module):
    def __init__(self, base, channels, norm):
        super().__init__()
        self.body = NarrowResNet(base, norm or torch.nn.BatchNorm2d)
        self.fpn = FeaturePyramidNetwork([base << n for n in range(4)], channels, LastLevelMaxPool(), norm)
        self.out_channels = channels

    def forward(self, x):
        return self.fpn(self.body(x))


def detector(case, classes):
    norm = group_norm if case["recipe"]["norm"] == "group" else None
    settings, channels, side = case["detection"], case["channels"], case["side"]
    sizes = tuple((4 * 8 << level,) for level in range(5))
    pool = MultiScaleRoIAlign(["0", "1", "2", "3"], 7, 2)
    net = FasterRCNN(
        Backbone(case["base"], channels, norm), min_size=side, max_size=side,
        rpn_anchor_generator=AnchorGenerator(sizes, ((0.5, 1.0, 2.0),) * 5), box_roi_pool=pool,
        box_head=TwoMLPHead(channels * 49, settings["headWidth"]), box_predictor=FastRCNNPredictor(settings["headWidth"], classes + 1),
        rpn_pre_nms_top_n_train=settings["trainProposals"], rpn_post_nms_top_n_train=settings["trainProposals"],
        rpn_pre_nms_top_n_test=settings["testProposals"], rpn_post_nms_top_n_test=settings["testProposals"],
        rpn_batch_size_per_image=settings["proposalSamples"], box_batch_size_per_image=settings["headSamples"])
    return net


class Images(torch.utils.data.Dataset):
    """Images and boxes of a COCO file; boxes of crowds are left out, as the reference script leaves them out."""

    def __init__(self, folder, flips):
        with contextlib.redirect_stdout(io.StringIO()):
            self.coco = COCO(os.path.join(folder, "instances.json"))
        self.folder, self.flips, self.ids = folder, flips, sorted(self.coco.imgs)
        self.categories = sorted(self.coco.cats)

    def __len__(self):
        return len(self.ids)

    def __getitem__(self, index):
        number = self.ids[index]
        image = Image.open(os.path.join(self.folder, "images", self.coco.imgs[number]["file_name"])).convert("RGB")
        image = pil_to_tensor(image).float() / 255
        found = [a for a in self.coco.imgToAnns[number] if not a["iscrowd"]]
        boxes = torch.tensor([a["bbox"] for a in found], dtype=torch.float32).reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        labels = torch.tensor([self.categories.index(a["category_id"]) + 1 for a in found], dtype=torch.int64)
        if self.flips and torch.rand(()) < 0.5:
            image = image.flip(-1)
            boxes[:, [0, 2]] = image.shape[-1] - boxes[:, [2, 0]]
        return image, {"boxes": boxes, "labels": labels, "image_id": number}


def optimizer(net, recipe):
    decayed = [m.weight for m in net.modules() if isinstance(m, (torch.nn.Conv2d, torch.nn.Linear))]
    others = [p for p in net.parameters() if not any(p is d for d in decayed)]
    groups = [{"params": decayed, "weight_decay": 1e-4}, {"params": others, "weight_decay": 0}]
    return torch.optim.SGD(groups, recipe["learningRate"]["from"], momentum=0.9)


def rate(recipe, steps, step):
    """Half a cosine from one rate to the other; a linear rise from a hundredth before it, of at most a fifth of all steps."""
    start, end = recipe["learningRate"]["from"], recipe["learningRate"]["to"]
    warm = min(recipe["learningRate"]["warmupSteps"] / steps, 0.2)
    progress = step / steps

    def cosine(progress):
        return end + (start - end) * (1 + math.cos(math.pi * progress)) / 2
    return cosine(progress) if progress >= warm else start / 100 + (cosine(warm) - start / 100) * progress / warm


def evaluated(net, images):
    net.eval()
    results = []
    with torch.no_grad():
        for image, target in images:
            found = net([image])[0]
            for box, label, score in zip(found["boxes"].tolist(), found["labels"].tolist(), found["scores"].tolist()):
                results.append({
                    "image_id": target["image_id"], "category_id": images.categories[label - 1], "score": score,
                    "bbox": [box[0], box[1], box[2] - box[0], box[3] - box[1]]})
    return average_precision(images.coco, results)


def average_precision(coco, results):
    """AP50 and AP by pycocotools."""
    if not results:
        return {"AP50": 0.0, "AP": 0.0}
    with contextlib.redirect_stdout(io.StringIO()):
        evaluation = COCOeval(coco, coco.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return {"AP50": float(evaluation.stats[1]), "AP": float(evaluation.stats[0])}


def main():
    training = json.load(open(sys.argv[1]))
    case = CASES[training["case"]]
    recipe = case["recipe"]
    torch.manual_seed(training["seed"])
    torch.set_num_threads(training["threads"])
    torch.set_flush_denormal(True)
    images = Images(training["train"], flips=True)
    net = detector(case, len(images.categories))
    loader = torch.utils.data.DataLoader(
        images, recipe["batch"], shuffle=True, drop_last=True, num_workers=1, collate_fn=lambda batch: tuple(zip(*batch)))
    descent = optimizer(net, recipe)
    steps, step, speeds, waits = training["epochs"] * len(loader), 0, [], []
    for _ in range(training["epochs"]):
        net.train()
        start = waited = time.perf_counter()
        waiting = 0.0
        for pixels, targets in loader:
            waiting += time.perf_counter() - waited
            for group in descent.param_groups:
                group["lr"] = rate(recipe, steps, step)
            losses = net(list(pixels), [{k: v for k, v in t.items() if k != "image_id"} for t in targets])
            loss = sum(losses.values())
            if not math.isfinite(loss.item()):
                raise SystemExit("the loss is not finite")
            descent.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), recipe["clipNorm"])
            descent.step()
            step += 1
            waited = time.perf_counter()
        seconds = time.perf_counter() - start
        speeds.append(len(loader) * recipe["batch"] / seconds)
        waits.append(waiting / seconds)
    result = {"imagesPerSecond": speeds, "waiting": waits, "torchvision": torchvision.__version__}
    if training["evaluates"]:
        result.update(evaluated(net, Images(training["validation"], flips=False)))
    print(json.dumps(result))


if __name__ == "__main__":
    main()

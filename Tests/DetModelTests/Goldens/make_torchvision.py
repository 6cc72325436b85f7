"""Writes torchvision.json: what torchvision's operations and detectors answer on made-up inputs.

Weights and inputs come out of formulas in noise.py. Run with torch and torchvision 0.28 on the CPU:  python make_torchvision.py
"""
import json
import pathlib

import torch
import torchvision
from torchvision.models.detection import FasterRCNN, RetinaNet
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import _resnet_fpn_extractor
from torchvision.models.detection.image_list import ImageList
from torchvision.ops.feature_pyramid_network import LastLevelP6P7
from torchvision.ops import MultiScaleRoIAlign, batched_nms, nms, roi_align

from noise import boxes, detections, fill, gradients, spread_values, tensor, values


def suppression():
    box, score = boxes(1, 60, 100.0), tensor(2, 60)
    group = torch.arange(60) % 3
    return {
        "plain": nms(box, score, 0.3).tolist(),
        "grouped": batched_nms(box, score, group, 0.2).tolist(),
    }


def pooling():
    answers = []
    regions = boxes(3, 6, 60.0)
    regions[5] = torch.tensor([-9.0, 50.0, 30.0, 90.0])  # beyond the map
    for aligned in (True, False):
        for ratio in (2, 0):
            maps = tensor(4, 2, 35, 16, 16).requires_grad_()
            image = torch.tensor([0, 0, 0, 0, 1, 1]).float().unsqueeze(1)
            out = roi_align(maps, torch.cat([image, regions], 1), 3, 0.25, ratio, aligned)
            out.backward(tensor(5, *out.shape))
            answers.append({"aligned": aligned, "ratio": ratio, "out": values(out), "gradient": values(maps.grad[:, ::6])})
    levels = {str(i): tensor(6 + i, 1, 4, 32 >> i, 32 >> i) for i in range(3)}
    spread = torch.tensor([[0, 0, 20, 30], [5, 5, 120, 110], [0, 0, 250, 250], [9, 9, 70, 240.0]])
    pooled = MultiScaleRoIAlign(["0", "1", "2"], 2, 2)(levels, [spread], [(256, 256)])
    return {"single": answers, "levels": values(pooled)}


def body(name, levels, extra):
    net = torchvision.models.resnet.__dict__[name](weights=None)
    return _resnet_fpn_extractor(net, 5, returned_layers=levels, extra_blocks=extra)


def batch():
    images = tensor(100, 3, 3, 128, 128)
    truths = [boxes(101, 3, 120.0), boxes(102, 2, 90.0), boxes(103, 4, 96.0)]
    labels = [[1, 3, 2], [2, 2], [3, 1, 1, 2]]
    targets = [{"boxes": b, "labels": torch.tensor(l)} for b, l in zip(truths, labels)]
    return ImageList(images, [(128, 128), (100, 120), (128, 97)]), targets


def train(model):
    """Training with running statistics: with those of small batches, torchvision's own gradients differ by 1.5 % between
    memory layouts, since rounding moves activations across zero. backbone.json has a step with batch statistics."""
    model.train()
    model.backbone.eval()


def faster():
    # Every match is a sample: the share of positives is no bound at these numbers.
    model = FasterRCNN(
        body("resnet18", [1, 2, 3, 4], torchvision.ops.feature_pyramid_network.LastLevelMaxPool()), num_classes=4,
        rpn_anchor_generator=AnchorGenerator(((32,), (64,), (128,), (256,), (512,)), ((0.5, 1.0, 2.0),) * 5),
        rpn_batch_size_per_image=10**6, box_batch_size_per_image=10**6, box_detections_per_img=20,
        rpn_pre_nms_top_n_train=60, rpn_post_nms_top_n_train=60, rpn_pre_nms_top_n_test=50, rpn_post_nms_top_n_test=50)
    fill(model)
    images, targets = batch()
    train(model)
    features = model.backbone(images.tensors)
    proposals, first = model.rpn(images, features, targets)
    _, second = model.roi_heads(features, proposals, images.image_sizes, targets)
    losses = {**first, **second}
    answer = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "features": [spread_values(f, 40) for f in features.values()],
        "losses": {k: float(v.detach()) for k, v in losses.items()},
        "gradients": gradients(model, losses),
    }
    with torch.no_grad():
        fill(model)
        model.eval()
        features = model.backbone(images.tensors)
        proposals, _ = model.rpn(images, features, None)
        found, _ = model.roi_heads(features, proposals, images.image_sizes, None)
    answer["proposals"] = [values(p) for p in proposals]
    answer["detections"] = detections(found)
    return answer


def retina():
    backbone = body("resnet18", [2, 3, 4], LastLevelP6P7(256, 256))
    model = RetinaNet(backbone, num_classes=3, detections_per_img=20, score_thresh=0.05, topk_candidates=1000)
    fill(model)
    images, targets = batch()
    for target in targets:
        target["labels"] = target["labels"] - 1
    train(model)
    features = list(model.backbone(images.tensors).values())
    heads = model.head(features)
    anchors = model.anchor_generator(images, features)
    losses = model.compute_loss(targets, heads, anchors)
    answer = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "features": [spread_values(f, 40) for f in features],
        "losses": {k: float(v.detach()) for k, v in losses.items()},
        "gradients": gradients(model, losses),
    }
    with torch.no_grad():
        fill(model)
        model.eval()
        features = list(model.backbone(images.tensors).values())
        heads = model.head(features)
        counts = [f.size(2) * f.size(3) * 9 for f in features]
        split = {k: list(v.split(counts, dim=1)) for k, v in heads.items()}
        levels = [list(a.split(counts)) for a in model.anchor_generator(images, features)]
        found = model.postprocess_detections(split, levels, images.image_sizes)
    answer["detections"] = detections(found)
    return answer


def main():
    answer = {
        "torch": torch.__version__, "torchvision": torchvision.__version__,
        "suppression": suppression(), "pooling": pooling(), "faster": faster(), "retina": retina(),
    }
    path = pathlib.Path(__file__).with_name("torchvision.json")
    path.write_text(json.dumps(answer, sort_keys=True) + "\n")


main()

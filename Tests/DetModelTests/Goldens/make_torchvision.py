"""Writes torchvision.json: what torchvision's operations and detectors answer on made-up inputs.

Weights and inputs come out of a formula (see `tensor`), which the tests have too, so that
only answers are stored. Run with torch and torchvision 0.28 on the CPU:  python make_torchvision.py
"""
import json
import pathlib

import numpy as np
import torch
import torchvision
from torchvision.models.detection import FasterRCNN, RetinaNet
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import BackboneWithFPN, _resnet_fpn_extractor
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.retinanet import RetinaNetHead
from torchvision.ops.feature_pyramid_network import LastLevelP6P7
from torchvision.ops import MultiScaleRoIAlign, batched_nms, nms, roi_align

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
            spread = (6 / value[0].numel()) ** 0.5
            if "cls" in name or "bbox" in name:
                spread *= 0.002 if name.startswith("head.") else 0.02
            value.copy_(tensor(key, *value.shape) * spread)
        elif name.endswith("running_var") or name.endswith("weight"):
            value.copy_(1 + 0.2 * tensor(key, *value.shape))
        else:
            value.copy_(0.1 * tensor(key, *value.shape))


def values(x, digits=7):
    return [float(f"%.{digits}g" % v) for v in x.detach().double().flatten().tolist()]


def boxes(key, count, extent):
    """Boxes with corners inside the extent and sides from 4 to half of it."""
    u = tensor(key, count, 4).double() / 2 + 0.5
    side = 4 + u[:, 2:] * (extent / 2 - 4)
    corner = u[:, :2] * (extent - side)
    return torch.cat([corner, corner + side], 1).float()


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
    images = tensor(100, 2, 3, 128, 128)
    truths = [boxes(101, 3, 120.0), boxes(102, 2, 90.0)]
    targets = [{"boxes": truths[0], "labels": torch.tensor([1, 3, 2])}, {"boxes": truths[1], "labels": torch.tensor([2, 2])}]
    return ImageList(images, [(128, 128), (100, 120)]), targets


def gradients(model, names, losses):
    model.zero_grad()
    sum(losses.values()).backward()
    parameters = dict(model.named_parameters())
    return {name: float(parameters[name].grad.double().norm()) for name in names}


def detections(found):
    return [
        {"boxes": values(d["boxes"]), "labels": d["labels"].tolist(), "scores": values(d["scores"])}
        for d in found
    ]


def faster():
    # Every match is a sample: the share of positives is no bound at these numbers.
    model = FasterRCNN(
        body("resnet18", [1, 2, 3, 4], torchvision.ops.feature_pyramid_network.LastLevelMaxPool()), num_classes=4,
        rpn_anchor_generator=AnchorGenerator(((32,), (64,), (128,), (256,), (512,)), ((0.5, 1.0, 2.0),) * 5),
        rpn_batch_size_per_image=10**6, box_batch_size_per_image=10**6, box_detections_per_img=20,
        rpn_pre_nms_top_n_train=60, rpn_post_nms_top_n_train=60, rpn_pre_nms_top_n_test=50, rpn_post_nms_top_n_test=50)
    fill(model)
    images, targets = batch()
    model.train()
    features = model.backbone(images.tensors)
    proposals, first = model.rpn(images, features, targets)
    _, second = model.roi_heads(features, proposals, images.image_sizes, targets)
    losses = {**first, **second}
    names = ["backbone.body.conv1.weight", "backbone.fpn.inner_blocks.0.0.weight", "rpn.head.conv.0.0.weight",
             "rpn.head.bbox_pred.bias", "roi_heads.box_head.fc6.weight", "roi_heads.box_predictor.bbox_pred.weight"]
    answer = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "features": [values(f[:, ::37, ::3, ::3]) for f in features.values()],
        "losses": {k: float(v.detach()) for k, v in losses.items()},
        "gradients": gradients(model, names, losses),
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
    model.train()
    features = list(model.backbone(images.tensors).values())
    heads = model.head(features)
    anchors = model.anchor_generator(images, features)
    losses = model.compute_loss(targets, heads, anchors)
    names = ["backbone.body.conv1.weight", "backbone.fpn.extra_blocks.p7.weight",
             "head.classification_head.cls_logits.weight", "head.regression_head.conv.0.0.weight"]
    answer = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "features": [values(f[:, ::37, ::3, ::3]) for f in features],
        "losses": {k: float(v.detach()) for k, v in losses.items()},
        "gradients": gradients(model, names, losses),
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

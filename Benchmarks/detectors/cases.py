"""The detectors of the comparison: for each the design's text and the same network out of torchvision's parts."""
import torch
import torchvision
from torchvision.models.detection import FasterRCNN, RetinaNet
from torchvision.models.detection._utils import BoxCoder
from torchvision.models.detection.backbone_utils import BackboneWithFPN, _resnet_fpn_extractor
from torchvision.models.detection.faster_rcnn import TwoMLPHead
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.rpn import AnchorGenerator
from torchvision.ops import MultiScaleRoIAlign, batched_nms, clip_boxes_to_image
from torchvision.ops.feature_pyramid_network import LastLevelP6P7

CLASSES = 90


def resnet(name):
    body = getattr(torchvision.models, name)(weights=None)
    return _resnet_fpn_extractor(body, 5)


def mobilenet():
    features = torchvision.models.mobilenet_v2(weights=None).features[:-1]
    return BackboneWithFPN(torch.nn.ModuleDict({"features": features}).features, {"3": "0", "6": "1", "13": "2", "17": "3"}, [24, 32, 96, 320], 256)


def faster(backbone):
    sizes = tuple((s,) for s in (32, 64, 128, 256, 512))
    anchors = AnchorGenerator(sizes, ((0.5, 1.0, 2.0),) * 5)
    return FasterRCNN(backbone, CLASSES + 1, rpn_anchor_generator=anchors)


def retina():
    body = torchvision.models.resnet50(weights=None)
    backbone = _resnet_fpn_extractor(body, 5, returned_layers=[2, 3, 4], extra_blocks=LastLevelP6P7(256, 256))
    return RetinaNet(backbone, CLASSES, detections_per_img=100)


class CascadeStep(torch.nn.Module):
    """torchvision's head of two layers, with one box for all classes."""

    def __init__(self, inputs):
        super().__init__()
        self.box_head = TwoMLPHead(inputs, 1024)
        self.box_predictor = torch.nn.ModuleDict(
            {"cls_score": torch.nn.Linear(1024, CLASSES + 1), "bbox_pred": torch.nn.Linear(1024, 4)})

    def forward(self, x):
        x = self.box_head(x)
        return self.box_predictor["cls_score"](x), self.box_predictor["bbox_pred"](x)


class CascadeHeads(torch.nn.ModuleList):
    """Three refinements (Cai & Vasconcelos 2018), for detection only; torchvision has the parts but not the whole."""

    def __init__(self):
        super().__init__(CascadeStep(256 * 49) for _ in range(3))
        # In a list, or it would count as a step.
        self.pools = [MultiScaleRoIAlign(["0", "1", "2", "3"], 7, 2)]
        self.coders = [BoxCoder([w * step for w in (10.0, 10.0, 5.0, 5.0)]) for step in (1, 2, 3)]

    def refined(self, step, regions, deltas, sizes):
        boxes = self.coders[step].decode(deltas, regions)[:, 0]
        return [clip_boxes_to_image(b, s) for b, s in zip(boxes.split([len(r) for r in regions]), sizes)]

    def forward(self, features, proposals, sizes):
        regions, total = proposals, 0
        for step, head in enumerate(self):
            scores, deltas = head(self.pools[0](features, regions, sizes))
            total = total + scores.softmax(1) / len(self)
            regions = self.refined(step, regions, deltas, sizes)
        found = []
        for boxes, shares in zip(regions, total.split([len(r) for r in regions])):
            row, label = (shares[:, 1:] > 0.05).nonzero(as_tuple=True)
            score = shares[row, label + 1]
            kept = batched_nms(boxes[row], score, label, 0.5)[:100]
            found.append({"boxes": boxes[row][kept], "labels": label[kept] + 1, "scores": score[kept]})
        return found, {}


def cascade():
    model = faster(resnet("resnet50"))
    model.roi_heads = CascadeHeads()
    return model


BUILD = {
    "cascade-r50": cascade,
    "faster-r50": lambda: faster(resnet("resnet50")),
    "faster-r18": lambda: faster(resnet("resnet18")),
    "faster-mobilenetv2": lambda: faster(mobilenet()),
    "retina-r50": retina,
}
DESIGN = {
    "cascade-r50": "resnet50 | fpn P1-P5 256 | rpn | cascade 3",
    "faster-r50": "resnet50 | fpn P1-P5 256 | rpn | rcnn",
    "faster-r18": "resnet18 | fpn P1-P5 256 | rpn | rcnn",
    "faster-mobilenetv2": "mobilenetv2 | fpn P1-P5 256 | rpn | rcnn",
    "retina-r50": "resnet50 | fpn P2-P6 256 | none | retinanet",
}


def images(count, height, width):
    """Smooth random images, normalised."""
    torch.manual_seed(3)
    small = torch.randn(count, 3, height // 16, width // 16)
    return torch.nn.functional.interpolate(small, (height, width), mode="bicubic") + 0.2 * torch.randn(count, 3, height, width)


def truths(count, height, width, each=8):
    torch.manual_seed(4)
    side = (0.1 + 0.3 * torch.rand(count, each, 1)) * min(height, width)
    corner = torch.rand(count, each, 2) * (torch.tensor([width, height]) - side)
    return torch.cat([corner, corner + side], 2), torch.randint(0, CLASSES, (count, each))


def model(case):
    """Random weights, statistics of random images, and scores far enough apart that there is something to suppress."""
    torch.manual_seed(1)
    net = BUILD[case]()
    norms = [m for m in net.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None
    net.backbone.train()
    with torch.no_grad():
        net.backbone(images(2, 256, 256))
        for name, value in net.named_parameters():
            if "cls_score.weight" in name:
                value *= 5 if case.startswith("cascade") else 40
            # Three random heads, one behind another, make other boxes of other last digits where one is as steep or boxes move as far.
            if case.startswith("cascade") and "bbox_pred" in name and "roi_heads" in name:
                value *= 0.2
            if "cls_logits.weight" in name:
                value *= 20
    for norm in norms:
        norm.momentum = 0.1
    return net.eval()


def renamed(case, name):
    """A tensor's name in this library; only MobileNetV2's trunk has another one."""
    if case == "faster-mobilenetv2" and name.startswith("backbone.body."):
        return name.replace("backbone.body.", "backbone.body.features.")
    return name


def detections(net, x):
    """What torchvision's detector finds in images of one size, without its transform, which would resize them once more."""
    listed = ImageList(x, [tuple(x.shape[-2:])] * len(x))
    features = net.backbone(x)
    if hasattr(net, "rpn"):
        proposals, _ = net.rpn(listed, features)
        return net.roi_heads(features, proposals, listed.image_sizes)[0]
    levels = list(features.values())
    anchors = net.anchor_generator(listed, levels)
    each = net.anchor_generator.num_anchors_per_location()[0]
    counts = [level.shape[2] * level.shape[3] * each for level in levels]
    split = {name: list(value.split(counts, 1)) for name, value in net.head(levels).items()}
    return net.postprocess_detections(split, [list(own.split(counts)) for own in anchors], listed.image_sizes)

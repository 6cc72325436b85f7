"""The detectors of the comparison: for each the design's text and the same network out of torchvision's parts."""
import torch
import torchvision
from torchvision.models.detection import FasterRCNN, RetinaNet
from torchvision.models.detection.backbone_utils import BackboneWithFPN, _resnet_fpn_extractor
from torchvision.models.detection.rpn import AnchorGenerator
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
    return RetinaNet(backbone, CLASSES)


BUILD = {
    "faster-r50": lambda: faster(resnet("resnet50")),
    "faster-r18": lambda: faster(resnet("resnet18")),
    "faster-mobilenetv2": lambda: faster(mobilenet()),
    "retina-r50": retina,
}
DESIGN = {
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
                value *= 40
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

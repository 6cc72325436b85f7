"""What both sides train: a design of this library, and the numbers that torchvision's detector is built from."""

SMALL = {"proposalSamples": 128, "headSamples": 64, "trainProposals": 200, "testProposals": 200, "headWidth": 128}
USUAL = {"proposalSamples": 256, "headSamples": 512, "trainProposals": 2000, "testProposals": 1000, "headWidth": 1024}


def case(side, base, channels, norm, batch, detection, epochs):
    name = "resnet18" if base == 64 else f"resnet18 {base}"
    recipe = {
        "extends": "small", "epochs": epochs, "batch": batch, "evaluateEvery": epochs, "norm": norm,
        "weightStandardization": False, "clipNorm": 10, "augmentation": {"horizontalFlip": 0.5},
        "learningRate": {"from": 0.04, "to": 0.0004, "atBatch": batch, "schedule": "cosine", "warmupSteps": 40},
        # torchvision's detectors pool regions by whole coordinates.
        "detection": {**detection, "alignsRegions": False}}
    return {
        "design": f"{side}x{side} | {name} | fpn P1-P5 {channels} | rpn | rcnn", "side": side, "base": base,
        "channels": channels, "detection": detection, "recipe": recipe}


CASES = {
    "small": case(160, 24, 64, "group", 8, SMALL, 8),
    "usual": case(256, 64, 256, "batch", 4, USUAL, 2),
}

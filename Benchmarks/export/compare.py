"""What an exported detector takes: smnas itself, the ONNX file in onnxruntime and OpenVINO, and torchvision's eager model.

    python compare.py SMNAS IMAGES [--rounds 3] [--threads 1]

The same weights and images everywhere: torchvision's models with random weights whose statistics and scores are set so that there are
detections, brought over by `smnas weights`, and proven equal by `smnas export`, which also takes the times (medians over the images).
Every round exports anew, so that what disturbs the machine disturbs all; a line holds the least of the medians. Done lines are kept in results.jsonl; SMNAS is a release build,
and this Python has torch, torchvision, onnxruntime and openvino.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import torch
import torchvision
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from results import Results

CASES = [
    ("Faster R-CNN R50-FPN", "fasterrcnn_resnet50_fpn", "fpn P1-P5 256 | rpn | rcnn", "512x512"),
    ("RetinaNet R50-FPN", "retinanet_resnet50_fpn", "fpn P2-P6 256 | none | retinanet", "512x512"),
    ("Faster R-CNN R50-FPN", "fasterrcnn_resnet50_fpn", "fpn P1-P5 256 | rpn | rcnn", "800x608"),
    ("RetinaNet R50-FPN", "retinanet_resnet50_fpn", "fpn P2-P6 256 | none | retinanet", "800x608"),
]


def calibrated(model, inputs):
    """Gives batch norms the statistics of the images, and scores some spread."""
    for norm in (m for m in model.modules() if isinstance(m, torch.nn.BatchNorm2d)):
        norm.momentum = 1.0
        norm.train()
    with torch.no_grad():
        model.backbone(model.transform(inputs)[0].tensors)
        for name, parameter in model.named_parameters():
            if name.endswith("cls_score.weight"):
                parameter.mul_(14)
        if isinstance(model, torchvision.models.detection.RetinaNet):
            classifier = model.eval().head.classification_head
            logits = classifier(list(model.backbone(model.transform(inputs)[0].tensors).values()))
            classifier.cls_logits.weight.mul_(0.9 / logits.std())
    return model.eval()


def weights(case, images, program, folder):
    """The case's weights as a checkpoint of smnas."""
    _, name, rest, size = case
    width, height = map(int, size.split("x"))
    torch.manual_seed(11)
    model = getattr(torchvision.models.detection, name)(
        weights=None, weights_backbone=None, min_size=height, max_size=width, num_classes=91)
    inputs = [torchvision.transforms.functional.to_tensor(Image.open(path).convert("RGB")) for path in images[:2]]
    calibrated(model, inputs)
    torch.save(model.state_dict(), folder / "weights.pth")
    target = folder / "weights.safetensors"
    classes = 91 if name.startswith("retina") else 90
    subprocess.run(
        [program, "weights", folder / "weights.pth", "--design", f"{size} | resnet50 | {rest}", "--classes", str(classes),
         "--output", target], check=True, stdout=subprocess.DEVNULL)
    return target


def exported(program, checkpoint, images, threads, words, place):
    """The rows of an export: format, milliseconds."""
    command = [program, "export", checkpoint, "--images", images, "--threads", str(threads), "--python", sys.executable, "--json",
               "--output", place, *words]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {row["format"].split(" ")[0]: row["milliseconds"] for row in answer["formats"]}, answer["worstPixels"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("images")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    program = str(pathlib.Path(given.program).resolve())
    images = sorted(path for path in pathlib.Path(given.images).iterdir() if path.suffix in (".png", ".jpg"))
    results = Results(HERE / "results.jsonl", what="case")
    for case in CASES:
        asked = {"detector": case[0], "input": case[3], "threads": given.threads}
        if results.of(asked):
            continue
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place)
            checkpoint = weights(case, images, program, folder)
            least, worst = {}, 0
            for turn in range(given.rounds):
                for number, words in enumerate((["--verify"], ["--format", "torchvision"])):
                    rows, pixels = exported(program, checkpoint, given.images, given.threads, words, folder / f"{turn}-{number}")
                    worst = max(worst, pixels)
                    for name, time in rows.items():
                        least[name] = min(time, least.get(name, time))
            results.add(asked, images=len(images), milliseconds=least, worstPixels=worst)
    print("| detector | input | smnas | onnxruntime | OpenVINO | torchvision |\n|---|---|---|---|---|---|")
    for line in results.lines.values():
        case, times = line["case"], line["milliseconds"]
        cells = [f"{times[name]:.0f}" for name in ("smnas", "onnxruntime", "openvino", "torchvision")]
        print(f"| {case['detector']} | {case['input']} | {' | '.join(cells)} |")


main()

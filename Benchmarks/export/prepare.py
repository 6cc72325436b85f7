"""Weights and images of a comparison: prepare.py CASE WIDTHxHEIGHT IMAGES FOLDER; needs torch and torchvision.

Writes w.pth under torchvision's names, and the first images of a folder, brought to the size, as PNG and as one array of bytes [n, 3, H, W].
"""
import pathlib
import sys

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "detectors"))
import cases  # noqa: E402

MOST = 4
ENDINGS = {".jpg", ".jpeg", ".png"}

case, size, source, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
width, height = map(int, size.split("x"))
files = sorted(path for path in source.rglob("*") if path.suffix.lower() in ENDINGS)[:MOST]
if not files:
    sys.exit(f"{source} holds no .jpg, .jpeg or .png")
(folder / "images").mkdir()
arrays = []
for number, path in enumerate(files):
    image = Image.open(path).convert("RGB").resize((width, height), Image.BILINEAR)
    image.save(folder / "images" / f"{number}.png")
    arrays.append(np.asarray(image).transpose(2, 0, 1))
np.save(folder / "images.npy", np.stack(arrays))
torch.save({cases.renamed(case, name): value for name, value in cases.model(case).state_dict().items()}, folder / "w.pth")

"""Writes JPEGs that look like photographs to a JPEG coder: smooth fields, edges and fine noise.

python3 make_images.py FOLDER COUNT WIDTH HEIGHT [QUALITY]
"""
import pathlib
import sys

import numpy
from PIL import Image, ImageDraw

folder, count, width, height = pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:5])
quality = int(sys.argv[5]) if len(sys.argv) > 5 else 90
folder.mkdir(parents=True, exist_ok=True)
noise = numpy.random.default_rng(0).normal(0, 4, (height + 256, width + 256, 3)).astype("int16")
for index in range(count):
    random = numpy.random.default_rng(index)
    image = numpy.full((height, width, 3), 120, "int16")
    for cells, strength in [(3, 70), (9, 35), (40, 22), (160, 14)]:
        grid = numpy.clip(random.normal(128, strength, (cells, cells, 3)), 0, 255).astype("uint8")
        image += numpy.asarray(Image.fromarray(grid).resize((width, height), Image.BICUBIC)).astype("int16") - 128
    y, x = random.integers(0, 256, 2)
    image = Image.fromarray(numpy.clip(image + noise[y:y + height, x:x + width], 0, 255).astype("uint8"))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y, s = random.integers(0, width), random.integers(0, height), random.integers(10, 120)
        draw.ellipse([x, y, x + s, y + s // 2 + 5], fill=tuple(int(v) for v in random.integers(0, 255, 3)))
    image.save(folder / f"{index:05d}.jpg", quality=quality)
sizes = [p.stat().st_size for p in folder.glob("*.jpg")]
print(f"{len(sizes)} images of {width}x{height}, mean {sum(sizes) // len(sizes) // 1024} KB")

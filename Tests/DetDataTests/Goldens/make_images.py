"""Images of every kind with the pixels that Pillow reads from them, and resizings by Pillow.

python3 make_images.py   writes images.json and resampling.json beside this file
"""
import base64
import io
import json
import pathlib
import struct
import zlib

import numpy
import PIL
from PIL import Image

here = pathlib.Path(__file__).parent
random = numpy.random.default_rng(7)
W, H = 13, 9


def smooth(channels, width=W, height=H):
    y, x = numpy.mgrid[0:height, 0:width]
    planes = [127 + 100 * numpy.sin(x / (3 + c) + y / (4 - c) + c) for c in range(channels)]
    return numpy.stack(planes, -1).round().astype(numpy.uint8)


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, depth, colour, interlace, raw, extra=b""):
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra
            + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))


def interlaced(pixels):
    raw = b""
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        part = pixels[y0::dy, x0::dx]
        if part.size:
            for row in part:
                raw += b"\0" + row.tobytes()
    return png(pixels.shape[1], pixels.shape[0], 8, 2, 1, raw)


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


files = {}
rgb = smooth(3)
files["png rgb"] = saved(Image.fromarray(rgb), "PNG")
files["png grey"] = saved(Image.fromarray(rgb[..., 0]), "PNG")
files["png 1-bit"] = saved(Image.fromarray(rgb[..., 0]).convert("1"), "PNG")
files["png palette"] = saved(Image.fromarray(rgb).quantize(16), "PNG")
files["png palette transparent"] = saved(Image.fromarray(rgb).quantize(16), "PNG", transparency=3)
files["png rgba"] = saved(Image.fromarray(smooth(4)), "PNG")
files["png grey alpha"] = saved(Image.fromarray(smooth(2), "LA"), "PNG")
files["png interlaced"] = interlaced(rgb)
expected = {name: numpy.asarray(Image.open(io.BytesIO(data)).convert("RGB")) for name, data in files.items()}

# Pillow cannot read 16-bit colour to 8 bits with rounding; the rule is round(v * 255 / 65535).
deep = random.integers(0, 65536, (H, W, 3)).astype(">u2")
raw = b"".join(b"\0" + row.tobytes() for row in deep)
files["png rgb 16-bit"] = png(W, H, 16, 2, 0, raw)
expected["png rgb 16-bit"] = numpy.floor(deep.astype(float) * 255 / 65535 + 0.5).astype(numpy.uint8)
deep_grey = deep[..., 0]
files["png grey 16-bit"] = png(W, H, 16, 0, 0, b"".join(b"\0" + row.tobytes() for row in deep_grey))
expected["png grey 16-bit"] = numpy.repeat(expected["png rgb 16-bit"][..., :1], 3, -1)

jpegs = {
    "jpeg 4:4:4": saved(Image.fromarray(rgb), "JPEG", quality=90, subsampling=0),
    "jpeg 4:2:0": saved(Image.fromarray(rgb), "JPEG", quality=90, subsampling=2),
    "jpeg progressive": saved(Image.fromarray(rgb), "JPEG", quality=90, progressive=True),
    "jpeg grey": saved(Image.fromarray(rgb[..., 0]), "JPEG", quality=90),
    "jpeg cmyk": saved(Image.fromarray(rgb).convert("CMYK"), "JPEG", quality=95),
}
files.update(jpegs)
from PIL import ImageOps
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    files[f"jpeg exif {orientation}"] = saved(Image.fromarray(rgb), "JPEG", quality=95, subsampling=0, exif=exif)
for name, data in files.items():
    if name not in expected:
        expected[name] = numpy.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB"))

encode = lambda data: base64.b64encode(data).decode()
cases = [{"name": name, "file": encode(data), "width": expected[name].shape[1], "height": expected[name].shape[0],
          "pixels": encode(expected[name].tobytes())} for name, data in files.items()]
(here / "images.json").write_text(json.dumps({"pillow": PIL.__version__, "cases": cases}, indent=1) + "\n")

source = smooth(3, 40, 30)
source = numpy.clip(source.astype(int) + random.integers(-25, 26, source.shape), 0, 255).astype(numpy.uint8)
resizings = []
for width, height, box in [(25, 19, (0, 0, 40, 30)), (80, 45, (0, 0, 40, 30)), (7, 5, (0, 0, 40, 30)), (40, 30, (0, 0, 40, 30)),
                           (20, 20, (3.5, 2.25, 31.0, 29.5)), (1, 1, (0, 0, 40, 30)), (33, 3, (10, 10, 11, 12))]:
    result = Image.fromarray(source).resize((width, height), Image.BILINEAR, box=box)
    resizings.append({"width": width, "height": height, "box": box, "pixels": encode(numpy.asarray(result).tobytes())})
(here / "resampling.json").write_text(json.dumps(
    {"pillow": PIL.__version__, "width": 40, "height": 30, "source": encode(source.tobytes()), "cases": resizings}, indent=1) + "\n")

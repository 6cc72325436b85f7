"""Writes png_chunks/: chunks of PNG files with an orientation before and behind the pixels.  python3 chunks.py"""
import pathlib
import struct
import zlib

folder = pathlib.Path(__file__).parent / "png_chunks"
folder.mkdir(exist_ok=True)


def chunk(kind, content=b""):
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def tiff(order, orientation, mark=b""):
    entries = [(0x0100, 4, 1, 7), (0x0112, 3, 1, orientation if order == "<" else orientation << 16)]
    directory = struct.pack(order + "H", len(entries)) + b"".join(struct.pack(order + "HHII", *e) for e in entries)
    return mark + (b"II*\0\x08\0\0\0" if order == "<" else b"MM\0*\0\0\0\x08") + directory + bytes(4)


header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
end = chunk(b"IEND")
# The first bytes: the share of the head and of the tail, and that checksums are mended.
seeds = {
    "before": (b"\xff\xff\0", header + chunk(b"eXIf", tiff("<", 6)) + pixels + end),
    "behind": (b"\x50\xa0\0", header + pixels + chunk(b"eXIf", tiff(">", 3)) + end),
    "marked": (b"\xff\x40\0", header + chunk(b"eXIf", tiff(">", 8, b"Exif\0\0")) + pixels + end),
    "twice": (b"\xff\xff\0", header + pixels + chunk(b"eXIf", tiff("<", 2)) + chunk(b"eXIf", tiff("<", 5)) + end),
    "none": (b"\xff\xff\0", header + chunk(b"tEXt", b"a\0eXI") + pixels + end),
}
for name, (how, chunks) in seeds.items():
    (folder / name).write_bytes(how + chunks)

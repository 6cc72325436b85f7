"""Puts the images of the decoding tests where the JPEG and PNG fuzzers look for inputs: python3 Fuzz/Seeds/images.py"""
import base64
import json
import pathlib

root = pathlib.Path(__file__).resolve().parent.parent.parent
goldens = json.loads((root / "Tests/DetDataTests/Goldens/images.json").read_text())
for case in goldens["cases"]:
    kind = case["name"].split()[0]
    folder = root / ".build/fuzz/corpus" / kind
    folder.mkdir(parents=True, exist_ok=True)
    (folder / case["name"].replace(" ", "-")).write_bytes(base64.b64decode(case["file"]))

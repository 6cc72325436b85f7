"""Writes weights_file/, and an archive of numpy into torch_archive/: small files of every kind of weights that is read.

Run with torch 2.13 and numpy 2 on the CPU:  python weights.py
"""
import io
import pathlib
import pickle

import numpy as np
import torch

folder = pathlib.Path(__file__).parent
target = folder / "weights_file"
target.mkdir(exist_ok=True)
arrays = {"a": np.array([1, 2], np.float32), "b": np.asfortranarray(np.arange(4, dtype=np.uint8).reshape(2, 2))}
for protocol in (0, 2, 4, 5):
    (target / f"arrays{protocol}.pkl").write_bytes(pickle.dumps({"model": arrays}, protocol=protocol))
torch.save({"w": torch.ones(2), "v": torch.zeros(1).half()}, target / "legacy.pth", _use_new_zipfile_serialization=False)
buffer = io.BytesIO()
np.savez(buffer, **arrays)
(folder / "torch_archive" / "arrays.npz").write_bytes(buffer.getvalue())
(target / "shards.json").write_text('{"weight_map": {"a": "1.safetensors", "b": "2.safetensors"}}')
(target / "pointer").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n")
(target / "onnx").write_bytes(b"\x08\x08\x12\x07pytorch\x3a\x02\x0a\x00")
(target / "page.html").write_text("<!doctype html><html>")

"""Writes checkpoints/: small files that torch.save made, good and bad, and a safetensors twin of the good ones.

Run with torch 2.13, numpy 2, safetensors and joblib on the CPU:  python make_checkpoints.py
"""
import argparse
import collections
import os
import pathlib
import pickle
import random
import zipfile

import joblib
import numpy as np
import torch
from safetensors.numpy import save_file as numpy_save_file
from safetensors.torch import save_file

folder = pathlib.Path(__file__).parent / "checkpoints"
folder.mkdir(exist_ok=True)


class Net(torch.nn.Module):
    """Something of everything that a state dict can hold."""

    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3)
        self.bn = torch.nn.BatchNorm2d(4)
        self.fc = torch.nn.Linear(4, 2)


def state():
    torch.manual_seed(7)
    tensors = Net().state_dict()
    base = torch.arange(24, dtype=torch.float32)
    tensors["shared.first"] = base[:12].reshape(3, 4)  # three windows of one storage
    tensors["shared.second"] = base[12:]
    tensors["shared.turned"] = base.reshape(4, 6).t()
    tensors["view.steps"] = torch.arange(60.0).reshape(3, 4, 5)[:, 1:4:2, ::2]
    tensors["view.permuted"] = torch.arange(48.0).reshape(2, 3, 4, 2).permute(0, 3, 1, 2)
    tensors["view.channels_last"] = torch.arange(36.0).reshape(1, 4, 3, 3).contiguous(memory_format=torch.channels_last)
    tensors["kind.half"] = torch.tensor([1.5, -2, 65504]).half()
    tensors["kind.bfloat16"] = torch.tensor([[1.5], [-3e38]]).bfloat16()
    tensors["kind.double"] = torch.tensor([1e300, -1e-300], dtype=torch.float64)
    tensors["kind.long"] = torch.tensor([2**62, -1])
    tensors["kind.int"] = torch.tensor([[-(2**31), 7]], dtype=torch.int32)
    tensors["kind.byte"] = torch.tensor([0, 255], dtype=torch.uint8)
    tensors["kind.bool"] = torch.tensor([True, False, True])
    tensors["empty"] = torch.zeros(0, 3)
    tensors["scalar"] = torch.tensor(2.5)
    tensors["parameter"] = torch.nn.Parameter(torch.tensor([[1.0, 2], [3, 4]]).t())
    return tensors


good = state()
save_file({name: value.detach().clone().contiguous() for name, value in good.items()}, folder / "small.safetensors")
torch.save(good, folder / "small.pth")
torch.save(dict(good), folder / "protocol4.pth", pickle_protocol=4)
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
sum(p.sum() for p in model.parameters()).backward()
optimizer.step()
torch.save({"epoch": 3, "model": model.state_dict(), "optimizer": optimizer.state_dict(), "note": "é"}, folder / "nested.pth")

torch.save({"model": model.state_dict(), "args": argparse.Namespace(lr=1), "lr_scheduler": {"milestones": collections.Counter([16, 22])}},
           folder / "namespace.pth")
torch.save(good, folder / "legacy.pth", _use_new_zipfile_serialization=False)
torch.save(model, folder / "module.pth")  # the whole module: its class is __main__.Net


class Settings:
    """A class of the training program."""

    def __init__(self):
        self.rates = [0.1, 0.01]
        self.self = self


class Ordered(collections.OrderedDict):
    """A state dict of a class of its own."""


torch.save(
    {
        "settings": Settings(),
        "optimizer": optimizer.state_dict(),
        "loss": np.float64(0.5),
        "best": np.arange(3),
        "random": random.Random(1).getstate(),
        "trainer": [1, {"weights": {"ema": {n: t * 2 for n, t in model.state_dict().items()}, "net": Ordered(model.state_dict())}}],
        "short": {"a": torch.zeros(2, dtype=torch.int16)},
    },
    folder / "deep.pth",
)
torch.save({"a": torch.ones(2), "short": torch.zeros(2, dtype=torch.int16), "sparse": torch.eye(2).to_sparse()}, folder / "foreign.pth")

# Arrays of numpy, as Detectron2 keeps them, in each of the protocols that write bytes in another way, and as numpy keeps them.
generator = np.random.default_rng(7)
arrays = {
    "stem.conv1.weight": generator.standard_normal((4, 3, 3, 3)).astype(np.float32),
    "stem.conv1.norm.weight": np.linspace(0, 1, 4, dtype=np.float64),
    "turned": np.asfortranarray(np.arange(6, dtype=np.int64).reshape(2, 3)),
    "long": generator.integers(0, 256, 5000, dtype=np.uint8),
}
numpy_save_file({name: np.ascontiguousarray(value) for name, value in arrays.items()}, folder / "arrays.safetensors")
for protocol in (0, 2, 4, 5):
    contents = {"model": arrays, "__author__": "Detectron2 Model Zoo", "matching_heuristics": True}
    (folder / f"arrays{protocol}.pkl").write_bytes(pickle.dumps(contents, protocol=protocol))
np.savez(folder / "arrays.npz", **arrays)
np.savez_compressed(folder / "compressed.npz", **arrays)

# What must be refused, each for what it is.
torch.save({"a": torch.zeros(2, dtype=torch.int16)}, folder / "int16.pth")
torch.save({"a": torch.zeros(1).expand(1000)}, folder / "expanded.pth")
torch.save([torch.zeros(1)], folder / "list.pth")
torch.jit.save(torch.jit.script(torch.nn.Conv2d(1, 1, 1)), folder / "script.pt")
torch.export.save(torch.export.export(torch.nn.Conv2d(1, 1, 1), (torch.zeros(1, 1, 2, 2),)), folder / "export.pt2")
joblib.dump({"a": np.zeros(3)}, folder / "arrays.joblib")
pickle.dump({"a": torch.zeros(2)}, open(folder / "plain.pkl", "wb"))


class Evil:
    """What an attacker would send: loading it in Python runs a command."""

    def __reduce__(self):
        return os.system, ("touch /tmp/smnas-was-here",)


with zipfile.ZipFile(folder / "evil.pth", "w") as archive:
    archive.writestr("evil/data.pkl", pickle.dumps(collections.OrderedDict(a=Evil()), protocol=2))
    archive.writestr("evil/version", "3\n")
with zipfile.ZipFile(folder / "compressed.pth", "w", zipfile.ZIP_DEFLATED) as archive:
    source = zipfile.ZipFile(folder / "small.pth")
    for name in source.namelist():
        archive.writestr(name, source.read(name))

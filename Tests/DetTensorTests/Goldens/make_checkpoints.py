"""Writes checkpoints/: small files that torch.save made, good and bad, and a safetensors twin of the good ones.

Run with torch 2.13 and safetensors on the CPU:  python make_checkpoints.py
"""
import argparse
import collections
import os
import pathlib
import pickle
import zipfile

import torch
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

# What must be refused.
torch.save(good, folder / "legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"model": model.state_dict(), "args": argparse.Namespace(lr=1)}, folder / "namespace.pth")
torch.save({"a": torch.zeros(2, dtype=torch.int16)}, folder / "int16.pth")
torch.save({"a": torch.zeros(1).expand(1000)}, folder / "expanded.pth")
torch.save([torch.zeros(1)], folder / "list.pth")
torch.save(model, folder / "module.pth")


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

"""Inputs and weights that the tests draw too (Support/Noise.swift), so that only answers are stored."""
import numpy as np
import torch

torch.set_num_threads(1)


def tensor(key, *shape):
    """Numbers of -1 ..< 1 of the stream `key`."""
    places = torch.arange(int(np.prod(shape)), dtype=torch.float64)
    wave = torch.sin(places * 12.9898 + key * 7.31) * 43758.5453
    return ((wave - wave.floor()) * 2 - 1).reshape(shape).float()


def boxes(key, count, extent):
    """Boxes with corners inside the extent and sides from 4 to half of it."""
    u = tensor(key, count, 4).double() / 2 + 0.5
    side = 4 + u[:, 2:] * (extent / 2 - 4)
    corner = u[:, :2] * (extent - side)
    return torch.cat([corner, corner + side], 1).float()


def fill(model):
    """Every parameter and buffer from its place among the sorted names."""
    state = {k: v for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}
    for key, name in enumerate(sorted(state)):
        value = state[name]
        if value.dim() > 1:
            spread = (6 / value[0].numel()) ** 0.5
            if "cls" in name or "bbox" in name:
                spread *= 0.002 if name.startswith("head.") else 0.02
            value.copy_(tensor(key, *value.shape) * spread)
        elif name.endswith("running_var") or name.endswith("weight"):
            value.copy_(1 + 0.2 * tensor(key, *value.shape))
        else:
            value.copy_(0.1 * tensor(key, *value.shape))


def values(x, digits=7):
    return [float(f"%.{digits}g" % v) for v in x.detach().double().flatten().tolist()]


def spread_values(x, count=16):
    """The norm of all elements, and elements at evenly spread places."""
    flat = x.detach().double().flatten()
    count = min(count, len(flat))
    places = [i * (len(flat) - 1) // max(1, count - 1) for i in range(count)]
    return {"norm": float(flat.norm()), "samples": values(flat[places])}


def gradients(model, losses, count=6):
    """Of every parameter, after a backward pass from the sum of the losses."""
    model.zero_grad()
    sum(losses.values()).backward()
    return {name: spread_values(p.grad, count) for name, p in model.named_parameters() if p.grad is not None}


def detections(found):
    return [
        {"boxes": values(d["boxes"]), "labels": d["labels"].tolist(), "scores": values(d["scores"])}
        for d in found
    ]

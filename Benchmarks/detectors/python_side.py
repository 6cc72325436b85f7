"""The other side of the comparison: one pass for each line on stdin, its times as a JSON line on stdout.

    python_side.py torchvision|torchvision-bfloat16|onnxruntime|openvino infer|features|train CASE CASE.safetensors [THREADS]

torchvision-bfloat16 is torchvision as its users have it in bfloat16: under autocast, gradients outside of it.
"""
import json
import resource
import sys
import tempfile
import time

import torch
from torchvision.models.detection.image_list import ImageList

import cases


def load(case, path):
    from safetensors.torch import load_file
    tensors = load_file(path)
    net = cases.BUILD[case]().eval()
    net.load_state_dict({k: tensors["model." + cases.renamed(case, k)] for k in net.state_dict()})
    return net, tensors


def inference(net, x, computing):
    with torch.no_grad(), computing():
        found = cases.detections(net, x)
    return [len(f["scores"]) for f in found] + [float(f["scores"][0]) if len(f["scores"]) else 0.0 for f in found[:1]]


def training(net, tensors, computing):
    net.train()
    optimizer = torch.optim.SGD(net.parameters(), 1e-6, momentum=0.9)
    x = tensors["images"]
    offset = 1 if hasattr(net, "rpn") else 0
    targets = [{"boxes": b, "labels": l + offset} for b, l in zip(tensors["boxes"], tensors["labels"])]
    listed = ImageList(x, [tuple(x.shape[-2:])] * len(x))

    def step():
        with computing():
            features = net.backbone(x)
            proposals, losses = net.rpn(listed, features, targets)
            _, more = net.roi_heads(features, proposals, listed.image_sizes, targets)
            losses.update(more)
            total = sum(losses.values())
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        return [v.item() for v in losses.values()]
    return step


class Levels(torch.nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, x):
        return tuple(self.backbone(x).values())


def exported(kind, net, x, threads):
    path = f"{tempfile.mkdtemp()}/levels.onnx"
    torch.onnx.export(Levels(net.backbone), (x,), path, dynamo=False, opset_version=17)
    if kind == "onnxruntime":
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        name, array = session.get_inputs()[0].name, x.numpy()
        return lambda: [float(abs(session.run(None, {name: array})[0]).mean())]
    import openvino
    core = openvino.Core()
    compiled = core.compile_model(path, "CPU", {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"})
    array = x.numpy()
    return lambda: [float(abs(compiled(array)[0]).mean())]


def main():
    kind, mode, case, path = sys.argv[1:5]
    threads = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    net, tensors = load(case, path)
    x = tensors["images"]

    def computing():
        return torch.autocast("cpu", torch.bfloat16, enabled=kind == "torchvision-bfloat16")

    if not kind.startswith("torchvision"):
        run = exported(kind, net, x, threads)
    elif mode == "train":
        run = training(net, tensors, computing)
    elif mode == "features":
        levels = Levels(net.backbone)

        def run():
            with torch.no_grad(), computing():
                return [float(levels(x)[0].abs().mean())]
    else:
        run = lambda: inference(net, x, computing)
    print("ready", flush=True)
    for _ in sys.stdin:
        wall, processor = time.perf_counter(), time.process_time()
        answer = run()
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"wall": wall * 1e3, "processor": processor * 1e3, "peak": peak, "answer": answer}), flush=True)


main()

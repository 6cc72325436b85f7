"""One side of a comparison: side.py onnxruntime|openvino|torchvision MODEL IMAGES.npy THREADS RUNS

MODEL is an exported file, or CASE:WEIGHTS.pth. For each line on stdin a warm-up and so many runs, one image after the other; on stdout a
line of JSON with their milliseconds and what was found in each image: how many, and the best score.
"""
import json
import pathlib
import sys
import time

import numpy as np

kind, model, images, threads, runs = sys.argv[1], sys.argv[2], np.load(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
sizes = np.array([images.shape[2:]], np.int64)

if kind == "onnxruntime":
    import onnxruntime
    version = onnxruntime.__version__
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def detect(image):
        scores, counts = session.run(["scores", "counts"], {"images": image, "sizes": sizes})
        return scores[0, : counts[0]]
elif kind == "openvino":
    import openvino
    version = openvino.__version__.split("-")[0]
    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    compiled = openvino.Core().compile_model(model, "CPU", settings)

    def detect(image):
        found = compiled({"images": image, "sizes": sizes})
        return found["scores"][0, : found["counts"][0]]
else:
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "detectors"))
    import torch
    import torchvision

    import cases
    version = torchvision.__version__
    torch.set_num_threads(threads)
    case, _, weights = model.partition(":")
    state = torch.load(weights, weights_only=True)
    net = cases.BUILD[case]().eval()
    net.load_state_dict({name: state[cases.renamed(case, name)] for name in net.state_dict()})
    mean = torch.tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1)
    deviation = torch.tensor([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1)

    def detect(image):
        with torch.no_grad():
            found = cases.detections(net, (torch.from_numpy(image).float() / 255 - mean) / deviation)
        return found[0]["scores"].numpy()

while sys.stdin.readline():
    found, times = [], []
    for turn in range(-1, max(runs, len(images))):
        image = images[turn % len(images)][None]
        start = time.perf_counter()
        scores = detect(image)
        if turn >= 0:
            times.append((time.perf_counter() - start) * 1000)
        if 0 <= turn < len(images):
            found.append([len(scores), float(scores[0]) if len(scores) else 0.0])
    print(json.dumps({"milliseconds": times, "found": found, "version": version}), flush=True)

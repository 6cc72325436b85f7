"""One evaluation by a public evaluator: one_run.py NAME TRUTH DETECTIONS. Prints what evaluate-benchmark prints.

Imports are not timed. The number of threads is set from outside (taskset, OMP_NUM_THREADS, RAYON_NUM_THREADS).
"""
import contextlib
import io
import json
import resource
import sys
import time


def classes(name):
    if name == "pycocotools":
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
        return COCO, COCOeval
    if name == "faster-coco-eval":
        from faster_coco_eval import COCO, COCOeval_faster
        return COCO, COCOeval_faster
    if name == "hotcoco":
        from hotcoco import COCO, COCOeval
        return COCO, COCOeval
    if name == "ultrafast-pycocotools":
        from ultrafast_pycocotools import COCO, COCOeval
        return COCO, COCOeval
    sys.exit(f"unknown evaluator {name}")


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


name, truth_path, found_path = sys.argv[1:4]
COCO, COCOeval = classes(name)
at_start = peak()
wall, processor = time.perf_counter(), time.process_time()
with contextlib.redirect_stdout(io.StringIO()):
    truth = COCO(truth_path)
    run = COCOeval(truth, truth.loadRes(found_path), "bbox")
    run.evaluate()
    run.accumulate()
    run.summarize()
wall, processor = time.perf_counter() - wall, time.process_time() - processor
print(json.dumps({"seconds": wall, "processor": processor, "peak_megabytes": peak(), "start_megabytes": at_start,
                  "stats": [float(s) for s in run.stats]}))

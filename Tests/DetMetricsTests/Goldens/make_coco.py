"""Golden COCO evaluations: random cases with pycocotools' twelve numbers and checksums of its tables.

Run with any Python that has pycocotools: python3 make_coco.py > coco.json
"""
import json
from importlib.metadata import version

import numpy as np

from coco_cases import evaluate, make_case


def checksum(table):
    """A sum that notices two numbers changing places."""
    flat = table.ravel()
    return float(np.sum(flat * (1 + np.arange(flat.size) % 97)))


if __name__ == "__main__":
    cases = []
    for seed in range(1, 101):
        case = make_case(seed)
        result = evaluate(case)
        case["seed"] = seed
        case["stats"] = result["stats"]
        case["sums"] = {name: checksum(result[name]) for name in ("precision", "recall", "scores")}
        cases.append(case)
    print(json.dumps({"pycocotools": version("pycocotools"), "numpy": np.__version__, "cases": cases}))

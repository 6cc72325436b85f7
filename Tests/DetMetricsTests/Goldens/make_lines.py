"""The lines that pycocotools prints, for a few cases: python3 make_lines.py > lines.json"""
import contextlib
import io
import json
from importlib.metadata import version

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from coco_cases import make_case


def printed(case):
    truth, found = COCO(), COCO()
    with contextlib.redirect_stdout(io.StringIO()):
        for one, rows in ((truth, case["truth"]["annotations"]), (found, [
                dict(d, id=n + 1, area=d["bbox"][2] * d["bbox"][3], iscrowd=0) for n, d in enumerate(case["detections"])])):
            one.dataset = dict(case["truth"], annotations=[dict(row) for row in rows])
            one.createIndex()
        run = COCOeval(truth, found, "bbox")
        run.evaluate()
        run.accumulate()
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        run.summarize()
    return text.getvalue().splitlines()


if __name__ == "__main__":
    cases = []
    for seed in (101, 103, 104, 115, 122):
        case = make_case(seed)
        del case["parameters"]
        cases.append(dict(case, lines=printed(case)))
    print(json.dumps({"pycocotools": version("pycocotools"), "cases": cases}))

#!/usr/bin/env python3
"""What bfloat16 costs and saves on a CPU that computes in it: accuracy and seconds of the same trainings in both kinds.

    python3 precision.py ../../.build/release/smnas

Four seeds of a design on trees and shapes, in turn on one core. Seconds are those of the whole training, evaluation included.
"""
from statistics import median

from trainings import Results, arguments, deviation, mean, outcome, trained

DESIGN = "160x160 | resnet18 24 | fpn P1-P3 64 | rpn | rcnn"
RECIPE = {"extends": "small", "epochs": 6, "evaluateEvery": 6}
KINDS = ("float32", "bfloat16")
SEEDS = range(1, 5)


def main():
    parser = arguments(__doc__, "precision.jsonl")
    options = parser.parse_args()
    results = Results(options.results)

    def training(data, kind, seed):
        return {"design": DESIGN, "data": data, "recipe": {**RECIPE, "precision": kind}, "seed": seed}

    if not options.show:
        for data in options.data:
            for seed in SEEDS:
                for kind in KINDS:
                    one = training(data, kind, seed)
                    if results.of(one) is None:
                        results.add(one, **outcome(trained(options.program, one, options.threads)))
    print("| data | kind | AP50 | AP | seconds |\n|---|---|---|---|---|")
    for data in options.data:
        for kind in KINDS:
            rows = [r for r in (results.of(training(data, kind, seed)) for seed in SEEDS) if r]
            if rows:
                spread = [f"{mean(v):.3f} ± {deviation(v):.3f}" for v in ([r[m] for r in rows] for m in ("AP50", "AP"))]
                print(f"| {data} | {kind} | {' | '.join(spread)} | {median(r['seconds'] for r in rows):.1f} |")


if __name__ == "__main__":
    main()

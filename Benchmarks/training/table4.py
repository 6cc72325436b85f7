#!/usr/bin/env python3
"""The paper's table 4 at a small scale: how a detector is best trained from scratch in few epochs.

    python3 table4.py ../../.build/release/smnas

Norms, batch, rate and epochs vary, three seeds each; all else is the recipe `small`. Rates are those for a batch of 8 and are
scaled to the batch, as recipes do.
"""
from trainings import Results, arguments, deviation, mean, outcome, trained

DESIGN = "160x160 | resnet18 24 | fpn P1-P3 64 | rpn | rcnn"
SEEDS = (1, 2, 3)


def recipe(norm, batch=8, rate=0.02, epochs=6):
    return {
        "extends": "small", "epochs": epochs, "evaluateEvery": epochs, "batch": batch,
        "norm": "batch" if norm == "BN" else "group", "weightStandardization": norm == "GN + WS",
        "learningRate": {"from": rate, "to": rate / 100, "atBatch": 8}}


# As the paper's rows: the batch that BN needs, GN without it, WS and what it allows.
ROWS = [
    ("BN", dict(batch=2)), ("BN", dict(batch=8)),
    ("GN", dict(batch=2)), ("GN", dict(batch=8)),
    ("GN + WS", dict(batch=2)), ("GN + WS", dict(batch=8)),
    ("BN", dict(rate=0.1)), ("GN", dict(rate=0.1)), ("GN + WS", dict(rate=0.1)),
    ("GN + WS", dict(rate=0.1, epochs=10)),
]


def main():
    options = arguments(__doc__, "table4.jsonl").parse_args()
    results = Results(options.results)

    def trainings(data, norm, change):
        for seed in SEEDS:
            yield {"design": DESIGN, "data": data, "recipe": recipe(norm, **change), "seed": seed}

    if not options.show:
        for data in options.data:
            for norm, change in ROWS:
                for training in trainings(data, norm, change):
                    if results.of(training) is None:
                        results.add(training, **outcome(trained(options.program, training, options.threads)))
    print("| norm | batch | rate at 8 | epochs | " + " | ".join(f"{d} AP50 | AP" for d in options.data) + " |")
    print("|---|---|---|---|" + "---|---|" * len(options.data))
    for norm, change in ROWS:
        asked = recipe(norm, **change)
        cells = [norm, str(asked["batch"]), f"{asked['learningRate']['from']:g}", str(asked["epochs"])]
        for data in options.data:
            done = [r for r in map(results.of, trainings(data, norm, change)) if r]
            for metric in ("AP50", "AP"):
                values = [r[metric] for r in done]
                cells.append(f"{mean(values):.3f} ± {deviation(values):.3f}" if len(values) == len(SEEDS) else "–")
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()

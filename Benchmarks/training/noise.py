#!/usr/bin/env python3
"""How far the accuracy of one design spreads over seeds, in a short training as a search does it and in a full one.

    python3 noise.py ../../.build/release/smnas

Eight seeds of three designs on trees. What a search can tell apart follows: two designs whose means differ by less than twice the
spread times the root of two are not told apart by one training each.
"""
from trainings import Results, arguments, deviation, mean, outcome, trained

DESIGNS = [
    "128x128 | resnet18 16 | fpn P1-P3 48 | none | retinanet",
    "160x160 | resnet18 24 | fpn P1-P3 64 | rpn | rcnn",
    "160x160 | resnet18 24 | fpn P1-P3 64 | rpn | cascade 2",
]
LENGTHS = {
    "short": {"extends": "small", "epochs": 3, "evaluateEvery": 3, "weightAverage": 0.98},
    "full": {"extends": "small", "epochs": 12, "evaluateEvery": 12, "weightAverage": 0.98},
}
SEEDS = range(1, 9)


def main():
    parser = arguments(__doc__, "noise.jsonl")
    parser.set_defaults(data=["trees"])
    options = parser.parse_args()
    results = Results(options.results)

    def trainings(data, design, length):
        for seed in SEEDS:
            yield {"design": design, "data": data, "recipe": LENGTHS[length], "seed": seed}

    if not options.show:
        for length in LENGTHS:
            for data in options.data:
                for design in DESIGNS:
                    for training in trainings(data, design, length):
                        if results.of(training) is None:
                            results.add(training, **outcome(trained(options.program, training, options.threads)))
    print("| data | training | design | AP50 mean | deviation | least | most |")
    print("|---|---|---|---|---|---|---|")
    for data in options.data:
        for length in LENGTHS:
            for design in DESIGNS:
                values = [r["AP50"] for r in map(results.of, trainings(data, design, length)) if r]
                if len(values) == len(SEEDS):
                    print(f"| {data} | {length}, {LENGTHS[length]['epochs']} epochs | `{design.replace('|', '/')}` | {mean(values):.3f} | "
                          f"{deviation(values):.3f} | {min(values):.3f} | {max(values):.3f} |")


if __name__ == "__main__":
    main()

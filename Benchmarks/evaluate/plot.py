"""Draws what side_by_side.py --json wrote: plot.py OUT.svg RUNS.json… (medians of the processor seconds)."""
import json
import statistics
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "evaluate"})
runs = [one for path in sys.argv[2:] for one in json.load(open(path)) if one["threads"] == 1]
number = {one["count"]: int(float(one["count"].replace("k", "e3").replace("M", "e6"))) for one in runs}
figure, axes = plt.subplots(figsize=(6.4, 4.2))
for name in dict.fromkeys(one["name"] for one in runs):
    mine = [one for one in runs if one["name"] == name]
    counts = sorted({one["count"] for one in mine}, key=number.get)
    seconds = [statistics.median(one["processor"] for one in mine if one["count"] == count) for count in counts]
    axes.plot([number[count] for count in counts], seconds, marker="o", label=name)
axes.set(xscale="log", yscale="log", xlabel="detections", ylabel="processor seconds, files read included",
         title="5,000 images, 36,000 truths, one thread")
axes.grid(True, which="both", alpha=0.3)
axes.legend()
figure.tight_layout()
figure.savefig(sys.argv[1])

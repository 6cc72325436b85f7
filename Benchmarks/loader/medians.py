"""Medians of the lines that the two loaders printed, as a table: python3 medians.py LOG"""
import re
import statistics
import sys

LINE = re.compile(
    r"(?P<input>\d+x\d+) (?P<kind>\w+) (?:threads|workers) \d+ round \d+: (?P<images>\d+) images, "
    r"(?P<rate>\d+) images/s, (?P<used>[\d.]+) ms of processor per image(?:, peak (?P<peak>\d+) MB)?")
runs = {}
for line in open(sys.argv[1]):
    if match := LINE.match(line):
        runs.setdefault((match["input"], match["kind"]), []).append(match)
print("| input | loader | images/s | ms of processor per image | peak MB | rate | processor |")
print("|---|---|---|---|---|---|---|")
for input in dict.fromkeys(key[0] for key in runs):
    kinds = [kind for size, kind in runs if size == input]
    middle = {
        kind: {
            name: statistics.median(float(run[name] or 0) for run in runs[input, kind])
            for name in ("rate", "used", "peak")
        } for kind in kinds}
    own = middle[kinds[0]]
    for kind in kinds:
        one = middle[kind]
        peak = f"{one['peak']:.0f}" if one["peak"] else ""
        times = "" if kind == kinds[0] else f"{own['rate'] / one['rate']:.1f}x | {one['used'] / own['used']:.1f}x"
        name = "smnas" if kind == kinds[0] else f"torchvision ({kind})"
        print(f"| {input} | {name} | {one['rate']:.0f} | {one['used']:.2f} | {peak} | {times or ' | '} |")

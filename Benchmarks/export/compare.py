"""Times an exported file in onnxruntime and OpenVINO beside smnas and torchvision: the same weights, the same images.

    python3 compare.py --smnas PROGRAM --runtimes PYTHON --torchvision PYTHON --images FOLDER
        [--cases faster-r50,retina-r50,cascade-r50] [--sizes 512x512,800x608] [--rounds 7] [--runs 5] [--threads 1]

PROGRAM is the release build of smnas, which exports, proves what it exports, and times itself; the first PYTHON has onnxruntime and
openvino (Scripts/check-export makes one in .build/export-python), the second torch and torchvision. Weights are random, with scores that
are far enough apart that there is something to suppress. Every round gives each side a warm-up and so many runs, one side after the
other, so that what disturbs the machine disturbs all alike; a figure is the median over the rounds of a round's median. Prints a table
in Markdown as it goes; what each side found stands below it and must agree.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CASES = {
    "faster-r50": "resnet50 | fpn P1-P5 256 | rpn | rcnn",
    "retina-r50": "resnet50 | fpn P2-P6 256 | none | retinanet",
    "cascade-r50": "resnet50 | fpn P1-P5 256 | rpn | cascade 3",
    "faster-mobilenetv2": "mobilenetv2 | fpn P1-P5 256 | rpn | rcnn",
}
CLASSES = 90


def done(command, what):
    ended = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if ended.returncode:
        sys.exit(f"{what} ended with {ended.returncode}: {ended.stderr.strip()}")
    return ended.stdout


class Ours:
    """smnas, started for each round: the time of one image with what it finds in it, from the pixels in memory to the boxes."""

    name = "smnas"

    def __init__(self, program, weights, design, images, given, folder):
        self.program, self.job = program, folder / "job.json"
        self.job.write_text(json.dumps({
            "version": 1, "device": "cpu", "threads": given.threads, "images": [str(image) for image in images],
            "warmupRuns": 2, "runs": given.runs, "detectors": [{"trial": 1, "design": design, "weights": str(weights)}]}))

    def round(self):
        line = json.loads(done([self.program, "measurement", self.job], "smnas measurement").splitlines()[-1])
        return line["conditions"]["ownLoad"]


class Side:
    """Another library, in a process that waits for its turn."""

    def __init__(self, name, python, words, given):
        self.name = name
        command = [python, HERE / "side.py", name, *words, given.threads, given.runs]
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def round(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended early")
        answer = json.loads(line)
        self.found, self.version = answer["found"], answer["version"]
        return statistics.median(answer["milliseconds"])

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def compared(case, size, given, folder):
    """Medians in milliseconds by side, and what each found."""
    done([given.torchvision, HERE / "prepare.py", case, size, given.images, folder], "prepare.py")
    design = f"{size} | {CASES[case]}"
    weights, images = folder / "w.safetensors", sorted((folder / "images").iterdir())
    done([given.smnas, "weights", folder / "w.pth", "--design", design, "--classes", CLASSES, "--output", weights], "smnas weights")
    done([given.smnas, "export", weights, "--images", folder / "images", "--output", folder / "out", "--threads", given.threads],
         "smnas export")
    file = folder / "out" / "detector.onnx"
    others = [
        Side("onnxruntime", given.runtimes, [file, folder / "images.npy"], given),
        Side("openvino", given.runtimes, [file, folder / "images.npy"], given),
        Side("torchvision", given.torchvision, [f"{case}:{folder / 'w.pth'}", folder / "images.npy"], given),
    ]
    sides = [Ours(given.smnas, weights, design, images, given, folder), *others]
    times = {side.name: [] for side in sides}
    for turn in range(given.rounds + 1):
        for side in sides:
            time = side.round()
            if turn > 0:
                times[side.name].append(time)
    for side in others:
        side.end()
    lines = done([given.smnas, "detect", weights, *images, "--score", "0", "--json"], "smnas detect").splitlines()
    objects = [json.loads(line)["objects"] for line in lines if line.startswith("{")]
    found = {"smnas": [[len(own), own[0]["score"] if own else 0] for own in objects]}
    found.update({f"{side.name} {side.version}": side.found for side in others})
    return {name: statistics.median(own) for name, own in times.items()}, found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option, words in (
        ("smnas", "the release program"), ("runtimes", "a Python with onnxruntime and openvino"),
        ("torchvision", "a Python with torch and torchvision"), ("images", "a folder of photographs"),
    ):
        parser.add_argument(f"--{option}", required=True, help=words)
    parser.add_argument("--cases", default="faster-r50,retina-r50,cascade-r50")
    parser.add_argument("--sizes", default="512x512,800x608", help="multiples of 32, so that nobody pads")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    names = ["smnas", "onnxruntime", "openvino", "torchvision"]
    print(f"| detector | input | {' | '.join(names)} |\n|---|---|" + "---|" * len(names), flush=True)
    notes = []
    try:
        for case in given.cases.split(","):
            for size in given.sizes.split(","):
                with tempfile.TemporaryDirectory() as folder:
                    times, found = compared(case, size, given, pathlib.Path(folder))
                cells = [f"{times[name]:.0f}" + ("" if name == "smnas" else f" ({times[name] / times['smnas']:.2f}x)") for name in names]
                print(f"| {case} | {size} | {' | '.join(cells)} |", flush=True)
                notes += [f"{case} {size} {side}: " + ", ".join(f"{n} best {s:.4f}" for n, s in own) for side, own in found.items()]
    finally:
        print("\nFound in each image:\n\n" + "\n".join(notes))


if __name__ == "__main__":
    main()

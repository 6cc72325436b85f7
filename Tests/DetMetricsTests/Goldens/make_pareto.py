"""Golden values for fronts, hypervolume and crowding, from pymoo.

Run with any Python that has pymoo: python3 make_pareto.py > pareto.json
"""
import json
import numpy as np
import pymoo
from pymoo.indicators.hv import HV
from pymoo.operators.survival.rank_and_crowding.metrics import calc_crowding_distance
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

rng = np.random.default_rng(7)
cases = []
for number in range(40):
    dimensions = int(rng.integers(2, 5))
    count = int(rng.integers(3, 40))
    # A coarse grid makes ties and twins; half of the cases are free of them.
    points = rng.integers(0, 9, (count, dimensions)) / 8.0 if number % 2 else rng.random((count, dimensions))
    signs = rng.choice([1.0, -1.0], dimensions)
    cost = points * signs
    reference = np.where(signs > 0, 1.0, 0.0) * signs + 0.05
    ranks = np.empty(count, int)
    for rank, front in enumerate(NonDominatedSorting().do(cost)):
        ranks[front] = rank
    crowding = calc_crowding_distance(points)
    cases.append({
        "points": points.tolist(),
        "directions": ["minimize" if s > 0 else "maximize" for s in signs],
        "reference": (reference * signs).tolist(),
        "ranks": ranks.tolist(),
        "hypervolume": float(HV(ref_point=reference)(cost)),
        # Infinity has no JSON spelling: -1 stands for it. Ties make the order of pymoo's sort show: left out.
        "crowding": [] if number % 2 else [-1.0 if np.isinf(c) else float(c) for c in crowding],
    })
print(json.dumps({"pymoo": pymoo.__version__, "cases": cases}))

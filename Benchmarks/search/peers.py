"""Searches by pymoo and Optuna of the same tables, each a list of what was evaluated: an evaluation of what was evaluated before, or of
parts that do not go together, is free."""
import warnings
import zlib

import numpy


class UsedUp(Exception):
    pass


class Table:
    """A space that was listed: choices, accuracies, costs."""

    def __init__(self, choices, accuracy, cost, budget):
        self.numbers = {tuple(choice): number for number, choice in enumerate(choices)}
        self.sizes = [max(column) + 1 for column in zip(*choices)]
        self.accuracy, self.cost, self.budget = accuracy, cost, budget
        low, high = numpy.quantile(accuracy, [0.25, 0.75])
        self.spread = high - low
        self.worst = (0.0, max(cost))
        self.found = {}
        self.asked = 0

    def __call__(self, choice):
        self.asked += 1
        if len(self.found) >= self.budget or self.asked > 100 * self.budget:
            raise UsedUp
        number = self.numbers.get(tuple(int(value) for value in choice))
        if number is None:
            return self.worst
        self.found[number] = True
        return self.accuracy[number], self.cost[number]

    def points(self):
        return [[self.accuracy[number], self.cost[number]] for number in self.found]

    def after(self, choice, share):
        """The accuracy after a share of the training, and the cost. No table has curves, so they are made: it grows with a power of the
        share, and is shifted by up to 0.6 of what lies between the quartiles of all designs, drawn once for each, which the training makes
        up for. After a ninth of it Kendall's tau with the end is about 0.7."""
        number = self.numbers[choice]
        drawn = zlib.crc32(str(number).encode()) % 1000 / 500 - 1
        return self.accuracy[number] * share ** 0.1 + 0.6 * self.spread * drawn * (1 - share ** 0.5), self.cost[number]


def pymoo_search(table, seed, algorithm):
    from pymoo.core.problem import ElementwiseProblem
    from pymoo.operators.crossover.sbx import SBX
    from pymoo.operators.mutation.pm import PM
    from pymoo.operators.repair.rounding import RoundingRepair
    from pymoo.operators.sampling.rnd import IntegerRandomSampling
    from pymoo.optimize import minimize

    class Problem(ElementwiseProblem):
        def __init__(self):
            super().__init__(n_var=len(table.sizes), n_obj=2, xl=0, xu=numpy.array(table.sizes) - 1, vtype=int)

        def _evaluate(self, x, out, *_, **__):
            accuracy, cost = table(x)
            out["F"] = [-accuracy, cost]

    operators = {
        "pop_size": 20, "sampling": IntegerRandomSampling(), "crossover": SBX(prob=0.9, eta=3, vtype=float, repair=RoundingRepair()),
        "mutation": PM(prob=1.0, eta=3, vtype=float, repair=RoundingRepair()), "eliminate_duplicates": True}
    try:
        minimize(Problem(), algorithm(**operators), ("n_gen", 100_000), seed=seed, verbose=False)
    except UsedUp:
        pass


def optuna_search(table, seed, sampler):
    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(directions=["maximize", "minimize"], sampler=sampler(seed))

    def objective(trial):
        return table([trial.suggest_categorical(f"p{place}", list(range(size))) for place, size in enumerate(table.sizes)])

    try:
        study.optimize(objective, n_trials=100 * table.budget)
    except UsedUp:
        pass


EPOCHS = 27


def moasha_search(table, seed):
    """Multi-objective asynchronous successive halving, one training at a time of up to 27 epochs: what was trained to the end, and after
    how many epochs in all, in units of a whole training."""
    from datetime import datetime
    from syne_tune.backend.trial_status import Trial
    from syne_tune.config_space import choice
    from syne_tune.optimizer.scheduler import SchedulerDecision
    from syne_tune.optimizer.schedulers.multiobjective.moasha import MOASHA
    numpy.random.seed(seed)
    names = [f"p{place}" for place in range(len(table.sizes))]
    scheduler = MOASHA(
        {name: choice(list(range(size))) for name, size in zip(names, table.sizes)}, ["error", "cost"], time_attr="epoch", max_t=EPOCHS,
        random_seed=seed)
    trained, points, spent, epochs = {}, [], [], 0
    for number in range(100 * table.budget):
        config = scheduler.suggest().config
        design = tuple(config[name] for name in names)
        if design not in table.numbers:
            continue
        trial = Trial(trial_id=number, config=config, creation_time=datetime.now())
        scheduler.on_trial_add(trial)
        for epoch in range(1, EPOCHS + 1):
            if epoch > trained.get(design, 0):
                trained[design] = epoch
                epochs += 1
                if epoch == EPOCHS:
                    points.append(table.after(design, 1))
                    spent.append(epochs / EPOCHS)
            accuracy, cost = table.after(design, epoch / EPOCHS)
            decision = scheduler.on_trial_result(trial, {"epoch": epoch, "error": -accuracy, "cost": cost})
            if decision == SchedulerDecision.STOP:
                break
        if epochs >= EPOCHS * table.budget:
            break
    return {"points": points, "spent": spent}


def search(name, table, seed):
    warnings.filterwarnings("ignore")
    if name == "Syne Tune MO-ASHA":
        return moasha_search(table, seed)
    if name == "pymoo NSGA-II":
        from pymoo.algorithms.moo.nsga2 import NSGA2
        pymoo_search(table, seed, NSGA2)
    elif name == "pymoo SMS-EMOA":
        from pymoo.algorithms.moo.sms import SMSEMOA
        pymoo_search(table, seed, SMSEMOA)
    else:
        import optuna
        samplers = {
            "Optuna NSGA-II": lambda seed: optuna.samplers.NSGAIISampler(population_size=20, seed=seed),
            "Optuna TPE": lambda seed: optuna.samplers.TPESampler(multivariate=True, seed=seed),
            "Optuna GP": lambda seed: optuna.samplers.GPSampler(seed=seed)}
        optuna_search(table, seed, samplers[name])
    return {"points": table.points()}


PEERS = ["pymoo NSGA-II", "pymoo SMS-EMOA", "Optuna NSGA-II", "Optuna TPE", "Optuna GP", "Syne Tune MO-ASHA"]

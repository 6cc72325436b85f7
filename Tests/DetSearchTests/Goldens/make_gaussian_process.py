"""What scikit-learn's Gaussian process says of designs from the values of others.

Run with any Python that has scikit-learn: python3 make_gaussian_process.py > gaussian_process.json
"""
import json

import numpy
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel


def main():
    draw = numpy.random.default_rng(7)
    groups = [[0, 1], [1, 4], [4, 5]]
    known, asked = draw.random((12, 5)), draw.random((6, 5))
    values = numpy.sin(3 * known[:, 0]) + known[:, 1:4].sum(1) * known[:, 4]
    reach = [0.7, 2.5, 0.2]
    joint, noise = 1.3, 0.02
    # exp(-reach * distance²) is RBF of the length 1 / √(2 reach).
    lengths = numpy.concatenate([[(2 * r) ** -0.5] * (end - start) for r, (start, end) in zip(reach, groups)])
    scaled = (values - values.mean()) / values.std()
    process = GaussianProcessRegressor(ConstantKernel(joint) * RBF(lengths) + WhiteKernel(noise), optimizer=None, alpha=0).fit(known, scaled)
    quiet = GaussianProcessRegressor(ConstantKernel(joint) * RBF(lengths), optimizer=None, alpha=noise).fit(known, scaled)
    means, deviations = quiet.predict(asked, return_std=True)
    print(json.dumps({
        "sklearn": sklearn.__version__, "groups": groups, "reach": reach, "joint": joint, "noise": noise, "known": known.tolist(),
        "values": values.tolist(), "asked": asked.tolist(), "means": (values.mean() + values.std() * means).tolist(),
        "deviations": (values.std() * deviations).tolist(), "logLikelihood": process.log_marginal_likelihood_value_}, indent=1))


if __name__ == "__main__":
    main()

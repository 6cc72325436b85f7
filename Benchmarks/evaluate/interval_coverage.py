"""How often a 95 % bootstrap interval holds the expected AP: interval_coverage.py [DATA_SETS] [DRAWS].

Data sets of known make are drawn, each is resampled by images, and the interval of each is held against the mean AP over
all data sets. Percentile: the range of the draws. Centred: the same, moved to have the measured AP as the draws' mean, as
`smnas evaluate` does. AP is by area at one IoU; the point is what drawing images twice does to it, which is the same.
"""
import sys

import numpy

generator = numpy.random.default_rng(1)


def data_set(images, classes, quality, rate):
    """Per class: the images of its detections by falling score, which of them are right, its truths per image."""
    result = []
    for _ in range(classes):
        truths = generator.poisson(rate, images)
        of_truth = numpy.repeat(numpy.arange(images), truths)
        difficulty = generator.normal(0, 1, images)
        is_found = generator.random(len(of_truth)) < 1 / (1 + numpy.exp(-(quality + difficulty[of_truth])))
        right = of_truth[is_found]
        wrong = numpy.repeat(numpy.arange(images), generator.poisson(rate, images))
        scores = numpy.concatenate([generator.normal(1, 1, len(right)), generator.normal(0, 1, len(wrong))])
        order = numpy.argsort(-scores, kind="stable")
        is_right = numpy.concatenate([numpy.ones(len(right)), numpy.zeros(len(wrong))])
        result.append((numpy.concatenate([right, wrong])[order], is_right[order], truths))
    return result


def average_precision(data, weights):
    """For every row of `weights`, how often each image counts: the mean over classes with truths."""
    sums, counts = numpy.zeros(len(weights)), numpy.zeros(len(weights))
    for image, is_right, truths in data:
        total, weight = weights @ truths, weights[:, image]
        found, all_found = numpy.cumsum(weight * is_right, 1), numpy.cumsum(weight, 1)
        precision = numpy.divide(found, all_found, out=numpy.zeros_like(found), where=all_found > 0)
        best_from_here = numpy.maximum.accumulate(precision[:, ::-1], 1)[:, ::-1]
        area = (best_from_here * weight * is_right).sum(1) / numpy.maximum(total, 1)
        sums[total > 0] += area[total > 0]
        counts[total > 0] += 1
    return sums / numpy.maximum(counts, 1)


def coverage(lower, upper, expected):
    return ((lower <= expected) & (expected <= upper)).mean()


def main():
    data_sets = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    draws = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    print("| images | classes | truths per class and image | AP | percentile holds it | centred holds it |")
    print("|---|---|---|---|---|---|")
    for images, classes, quality, rate in [(40, 4, 0.5, 1), (40, 20, -0.5, 0.3), (200, 20, -1, 0.2), (500, 40, -1.5, 0.1)]:
        rows = []
        for _ in range(data_sets):
            data = data_set(images, classes, quality, rate)
            measured = average_precision(data, numpy.ones((1, images)))[0]
            weights = generator.multinomial(images, numpy.ones(images) / images, size=draws).astype(float)
            values = average_precision(data, weights)
            rows.append((measured, *numpy.quantile(values, [0.025, 0.975]), values.mean() - measured))
        measured, lower, upper, bias = numpy.array(rows).T
        expected = measured.mean()
        print(f"| {images} | {classes} | {rate} | {expected:.3f} | {coverage(lower, upper, expected):.3f} | "
              f"{coverage(lower - bias, upper - bias, expected):.3f} |", flush=True)


main()

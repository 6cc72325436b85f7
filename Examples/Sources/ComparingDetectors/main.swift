// Two detectors on the same sixty images: which is better, and is that more than luck?
import DetBasics
import DetMetrics

/// One cat of 40 x 30 pixels in every image.
func truth(images: Int) throws -> GroundTruth {
  try GroundTruth(
    images: (1...images).map { GroundTruth.Image(id: Int64($0), width: 200, height: 100) },
    categories: [GroundTruth.Category(id: 1, name: "cat")],
    annotations: (1...images).map { image in
      let box = COCOBox(x: 20, y: 20, width: 40, height: 30)
      return GroundTruth.Annotation(
        id: Int64(image), imageID: Int64(image), categoryID: 1, box: box)
    })
}

/// A detector that misses some cats and places the others so many pixels wrong, more or less.
func detections(images: Int, recall: Double, error: Double, seed: UInt64) -> [DetectionEntry] {
  var generator = Generator(seed: seed)
  return (1...images).compactMap { image in
    guard generator.chance(recall) else { return nil }
    let box = COCOBox(
      x: 20 + error * generator.normal(), y: 20 + error * generator.normal(), width: 40, height: 30)
    return DetectionEntry(
      imageID: Int64(image), categoryID: 1, box: box, score: generator.uniform())
  }
}

let images = 60
var first = COCOEvaluator(truth: try truth(images: images))
var second = first
try first.add(contentsOf: detections(images: images, recall: 0.8, error: 2, seed: 1))
try second.add(contentsOf: detections(images: images, recall: 0.9, error: 2, seed: 2))

for (name, evaluator) in [("first", first), ("second", second)] {
  let summary = evaluator.finish().summary
  print("\(name): AP \(summary.AP.fixed(3)), AP50 \(summary.AP50.fixed(3))")
}

// Both are measured on the same random draws of the images, so that what is hard for both cancels out.
let comparison = try Bootstrap.compare(first, second, samples: 500, generator: Generator(seed: 7))
let gap = comparison.difference
print("second - first: \(gap.value.fixed(3))")
print("95 % lie in \(gap.lower.fixed(3)) ... \(gap.upper.fixed(3))")
print(comparison.isResolved ? "the second is better" : "these images do not tell which is better")

// Accuracy is not all: the front of four detectors by AP and milliseconds.
let points = [[0.31, 20.0], [0.28, 25.0], [0.35, 40.0], [0.35, 44.0]]
print("on the front:", ParetoFront.indices(of: points, directions: [.maximize, .minimize]))

import DetBasics
import DetData
import DetModel
import DetNN
import DetSpec
import DetTensor
import DetTraining
import Foundation

/// Weights and an image for a call without words: a small detector that has learnt one picture by heart.
func rehearsed() throws -> (weights: String, images: [String]) {
  let folder = NSTemporaryDirectory() + "detecting-objects"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  let picture = drawn()
  try picture.encodePNG().write(to: URL(fileURLWithPath: folder + "/picture.png"))

  let design = try DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P3 16 | rpn | rcnn")
  var recipe = RecipePreset.small.recipe
  recipe.detection.anchorScale = 4
  let detector = try Detector(design, classes: 2, recipe: recipe, seed: 4)
  let optimizer = SGD(detector.store, rate: 0.03)
  let truth = ImageTargets(
    boxes: [Box(x0: 8, y0: 8, x1: 28, y1: 28), Box(x0: 24, y0: 36, x1: 56, y1: 52)],
    labels: [0, 1])
  for step in 0..<100 {
    let losses = detector.losses(
      normalised(picture), truths: [truth], generator: Generator(seed: 2).stream("step", step))
    losses.total.backward()
    optimizer.step(clip: 10)
  }
  let weights = folder + "/weights.safetensors"
  try? FileManager.default.removeItem(atPath: weights)
  let checkpoint = Checkpoint(
    design: design, recipe: recipe, classes: ["square", "bar"], categoryIDs: [1, 2], tiles: nil,
    epochs: 100, seed: 4)
  try checkpoint.write(detector.store.state, to: weights)
  return (weights, [folder + "/picture.png"])
}

/// A grey picture with a bright square and a dark bar.
private func drawn() -> PixelImage {
  let pixels = (0..<64 * 64).flatMap { place -> [UInt8] in
    let (x, y) = (place % 64, place / 64)
    let isSquare = (8..<28).contains(x) && (8..<28).contains(y)
    let isBar = (24..<56).contains(x) && (36..<52).contains(y)
    return Array(repeating: isSquare ? 240 : isBar ? 10 : 120, count: 3)
  }
  return PixelImage(width: 64, height: 64, pixels: pixels)
}

/// As detectors see it, [1, 3, 64, 64].
private func normalised(_ image: PixelImage) -> Tensor {
  let bytes = Tensor(image.pixels.map(Float.init), shape: [1, 64, 64, 3]).permuted([0, 3, 1, 2])
  let range = Normalisation.imageNet
  let mean = Tensor(range.mean, shape: [1, 3, 1, 1])
  return (bytes * (1 / 255) - mean) / Tensor(range.deviation, shape: [1, 3, 1, 1])
}

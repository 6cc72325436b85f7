// A detector is trained on drawn shapes for a few epochs, judged on others, timed, and kept in a file.
import DetData
import DetModel
import DetSpec
import DetTraining
import Foundation

let design = try DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P3 16 | none | retinanet")
var recipe = RecipePreset.small.recipe
recipe.epochs = 2
recipe.batch = 4
recipe.learningRate.warmupSteps = 4

let size = PixelSize(width: 64, height: 64)
let learnt = try Dataset.load(.shapes(count: 16, size: size, seed: 1))
let judged = try Dataset.load(.shapes(count: 4, size: size, seed: 2))

let detector = try Detector(design, classes: learnt.categories.count, recipe: recipe, seed: 7)
let trainer = try Trainer(detector: detector, recipe: recipe, dataset: learnt, seed: 7)
while trainer.finishedEpochs < recipe.epochs {
  let epoch = try trainer.trainEpoch()
  let isFinite = epoch.losses["loss"]?.isFinite == true
  print("epoch \(trainer.finishedEpochs): \(epoch.images) images, loss finite: \(isFinite)")
}

// Accuracy under COCO's names, and milliseconds per image, by the weights that count.
let validation = try Validation(dataset: judged, input: design.input)
let result = try trainer.withFinalWeights { try validation.evaluate(detector) }
print("measured:", result.metrics.keys.sorted().prefix(3).joined(separator: ", "))
let meter = LatencyMeter(
  settings: LatencySettings(warmupRuns: 1, runs: 6), anchor: try LatencyAnchor(), cache: nil)
if let costs = try validation.costs(of: detector, meter) {
  let runs = costs.latency.runs
  print("timed: \(runs.samples.count) runs, in order: \(runs.p10 <= runs.median)")
}

// The file holds the design, the recipe and the classes beside the weights: it is all that detecting needs.
let file = NSTemporaryDirectory() + "shapes-\(getpid()).safetensors"
defer { try? FileManager.default.removeItem(atPath: file) }
let checkpoint = Checkpoint(
  design: design, recipe: recipe, classes: learnt.categories.map(\.name),
  categoryIDs: learnt.categories.map(\.id), tiles: nil, epochs: trainer.finishedEpochs, seed: 7)
try checkpoint.write(detector.store.state, to: file)
print("kept:", try Checkpoint.read(file).checkpoint.classes)

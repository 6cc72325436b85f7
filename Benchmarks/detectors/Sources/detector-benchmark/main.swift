// This library's side of the comparison: one pass for each line on stdin, its times as a JSON line on stdout.
//
//   detector-benchmark infer|features|train DESIGN CASE.safetensors [--threads 1] [--precision float32] [--plain]
//
// CASE.safetensors holds torchvision's weights under "model.…", "images" [n, 3, h, w], "boxes" [n, k, 4] and
// "labels" [n, k] (from 0). compare.py writes it and drives both sides.
import DetBasics
import DetModel
import DetNN
import DetSpec
import DetTensor
import Foundation

let arguments = CommandLine.arguments
guard arguments.count >= 4 else {
  print(
    "usage: detector-benchmark infer|features|train DESIGN CASE.safetensors [--threads 1] [--plain]"
  )
  exit(64)
}
func option(_ name: String, _ usual: String) -> String {
  arguments.firstIndex(of: name).map { arguments[$0 + 1] } ?? usual
}
Torch.threads = Int(option("--threads", "1")) ?? 1
Torch.flushDenormals()
Torch.keepFreedMemory()
let file = try Safetensors.read(arguments[3]).tensors
guard let images = file["images"]?.channelsLast(), let boxes = file["boxes"],
  let labels = file["labels"]
else { fatalError("\(arguments[3]) lacks images, boxes or labels") }

var recipe = RecipePreset.structural.recipe
recipe.detection.alignsRegions = false
recipe.precision = Recipe.Precision(rawValue: option("--precision", "float32")) ?? .float32
let detector = try Detector(
  DetectorDesign(text: arguments[2]), classes: Int(option("--classes", "90")) ?? 90, recipe: recipe,
  seed: 1)
let prefix = "model."
let weights = file.filter { $0.key.hasPrefix(prefix) }
let report = detector.store.load(
  Dictionary(
    uniqueKeysWithValues: weights.map { (String($0.key.dropFirst(prefix.count)), $0.value) }))
guard report.missing.isEmpty && report.differing.isEmpty else {
  fatalError("weights do not fit: \(report.missing.prefix(3)) \(report.differing.prefix(3))")
}
detector.store.usesInferencePlan = !arguments.contains("--plain")

let each = boxes.size(1)
let corners = boxes.floats()
let classes = labels.integers()
let truths = (0..<images.size(0)).map { image in
  let rows = image * each..<(image + 1) * each
  return ImageTargets(
    boxes: rows.map {
      Box(
        x0: corners[4 * $0], y0: corners[4 * $0 + 1], x1: corners[4 * $0 + 2],
        y1: corners[4 * $0 + 3])
    }, labels: rows.map { classes[$0] })
}
let optimizer = SGD(detector.store, rate: 1e-6, momentum: 0.9)

@MainActor func pass(_ number: Int) -> [Double] {
  switch arguments[1] {
  case "infer":
    let found = detector.detect(images)
    return found.map { Double($0.count) } + [Double(found[0].first?.score ?? 0)]
  case "features":
    let levels = detector.store.inferring { detector.features(images) }
    return [levels[0].to(.float32).abs().mean().item()]
  default:
    let losses = detector.losses(images, truths: truths, generator: Generator(seed: UInt64(number)))
    losses.total.backward()
    optimizer.step()
    return losses.map { $0.value.item() }
  }
}

func usage() -> (seconds: Double, bytes: Int) {
  var usage = rusage()
  getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
  let micro = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
  return (
    Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + micro, Int(usage.ru_maxrss) * 1024
  )
}

func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
say("ready")
var number = 0
while readLine() != nil {
  let clock = ContinuousClock()
  let before = usage().seconds
  var answer: [Double] = []
  let elapsed = clock.measure { answer = pass(number) }
  let (seconds, bytes) = usage()
  let wall =
    Double(elapsed.components.seconds) * 1000 + Double(elapsed.components.attoseconds) / 1e15
  say(
    "{\"wall\":\(wall),\"processor\":\((seconds - before) * 1000),\"peak\":\(bytes),\"answer\":\(answer)}"
  )
  number += 1
}

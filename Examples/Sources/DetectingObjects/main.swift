// Finds objects in image files with the weights of `smnas train`, or of a trial: DetectingObjects WEIGHTS IMAGE…
import DetTraining

let words = CommandLine.arguments.dropFirst()
let (weights, images) = words.isEmpty ? try rehearsed() : (words[1], Array(words.dropFirst()))
let detector = try ImageDetector(path: weights)
for image in images {
  for object in try detector.detect(image) where object.score > 0.5 {
    let (label, box) = (detector.checkpoint.classes[object.label], object.box)
    print("\(label) at \(Int(box.x0 + box.x1) / 24 * 12), \(Int(box.y0 + box.y1) / 24 * 12)")
  }
}

// A data set in YOLO's format is read, looked over, and loaded as batches.
import DetData
import Foundation

// Three pictures of 64 x 48 pixels with a red square each, and a text file of labels beside each.
let folder = NSTemporaryDirectory() + "looking-data-over-\(getpid())"
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }
let labels = [
  "0 0.5 0.5 0.25 0.5",  // class, centre and size as shares of the picture
  "0 0.9 0.5 0.4 0.5",  // reaches beyond the right edge
  "7 0.5 0.5 0.25 0.5",  // there is no class 7
]
for (index, label) in labels.enumerated() {
  let canvas = try Canvas(PixelSize(width: 64, height: 48))
  canvas.setColour(.white)
  canvas.paint()
  canvas.setColour(Colour(red: 0.8, green: 0.1, blue: 0.1))
  canvas.addRectangle(x: 8 * Double(index), y: 12, width: 16, height: 24)
  canvas.fill()
  try canvas.picture.encodePNG().write(to: URL(fileURLWithPath: "\(folder)/\(index).png"))
  try label.write(toFile: "\(folder)/\(index).txt", atomically: true, encoding: .utf8)
}

var source = DatasetSource(format: .yolo, images: folder)
source.classes = ["square", "circle"]

// By default the first fault ends the reading: nothing is trained on half of a data set.
do {
  _ = try Dataset.load(source)
} catch let error as DataError {
  print("refused: \(error.problem); \(error.cure)")
}

// The doctor goes on and lists everything, with what it is about and what to do.
let dataset = try Dataset.load(source, faults: .collect)
let report = DatasetDoctor(dataset).examine()
print("\(report.images) images, \(report.boxes) boxes, sound: \(report.isSound)")
for finding in report.findings {
  print("\(finding.kind): \(finding.detail)")
}

// Batches are resized, normalised and padded; boxes go along.
let loader = Loader(
  dataset: dataset,
  configuration: LoaderConfiguration(input: PixelSize(width: 128, height: 96), batchSize: 2))
let batches = loader.batches()
while let batch = try batches.next() {
  print("batch \(batch.index): \(batch.count) of \(batch.width) x \(batch.height)")
  for box in batch.images.flatMap(\.boxes) { print("  a box from x \(box.x0) to \(box.x1)") }
}

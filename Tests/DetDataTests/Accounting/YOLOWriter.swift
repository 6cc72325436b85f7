import DetBasics
import Foundation
import TestSupport

@testable import DetData

/// Writes made-up images as YOLO's text: labels in labels/ or beside the images, as it comes.
struct YOLOWriter: PlantedWriter {
  static let faults: [PlantedFault] = [
    .imageBroken, .imageAbsent, .otherPicture, .imageHidden, .twoOfOneStem, .annotationsBroken,
    .annotationsAbsent, .annotationsTwice, .annotationsDiffer, .boxOutside, .boxOverhanging,
    .unknownClass, .noNumber, .pixels, .outline, .valueBehind, .decimalComma, .otherForm,
    .otherCase,
  ]
  private(set) var expected = PlantedAccount()
  private let root: TemporaryFolder

  init(_ folder: TemporaryFolder) { root = folder }

  func finish() throws -> DatasetSource {
    try root.makeFolder("images")
    try root.makeFolder("labels")
    var source = DatasetSource(format: .yolo, images: root.file("images"))
    source.classFile = try root.write("data.yaml", "nc: 3\nnames: [tree, palm, 'shrub']\n")
    return source
  }

  private func line(_ box: PlantedImage.Box, _ size: PixelSize) -> String {
    let (width, height) = (Double(size.width), Double(size.height))
    let numbers = [
      Double(box.x0 + box.x1) / 2 / width, Double(box.y0 + box.y1) / 2 / height,
      Double(box.x1 - box.x0) / width, Double(box.y1 - box.y0) / height,
    ]
    return "\(box.category) " + numbers.map { $0.fixed(6) }.joined(separator: " ")
  }

  mutating func add(_ image: PlantedImage) throws {
    let lines = image.boxes.map { line($0, image.size) }
    let place = image.folder + image.stem
    let name = "\(image.stem).png"
    let n = lines.count
    func writeImage(_ path: String) throws {
      try root.write("images/\(path)", PlantedSet.png(image.size))
    }
    func writeLabels(_ lines: [String], _ path: String) throws {
      let text = lines.joined(separator: image.variant % 3 == 0 ? "\r\n" : "\n")
      let mark = Data(image.variant % 5 == 0 ? [0xEF, 0xBB, 0xBF] : [])
      try root.write(path, mark + Data("\(text)\n".utf8))
    }
    let labels = "\(image.variant % 2 == 0 ? "labels" : "images")/\(place).txt"
    func write(_ more: [String] = []) throws {
      try writeImage("\(place).png")
      try writeLabels(lines + more, labels)
    }
    switch image.fault {
    case nil:
      try write()
      expected.use(image: name, labelFiles: 1, labels: n)
    case .imageBroken:
      try write()
      try root.write("images/\(place).png", "no picture")
      expected.lose(.image, .fault(.imageBroken))
      expected.lose(.labelFile, .imageNotUsed)
      expected.lose(.label, n, .imageNotUsed)
      expected.fault(.imageBroken)
    case .imageAbsent:
      try writeLabels(lines, labels)
      expected.lose(.labelFile, .fault(.unknownImage))
      expected.lose(.label, n, .fault(.unknownImage))
      expected.fault(.unknownImage)
    case .otherPicture:
      try root.write("images/\(place).webp", "RIFF")
      try writeLabels(lines, labels)
      expected.lose(.image, .repair(.otherFile))
      expected.lose(.labelFile, .imageNotUsed)
      expected.lose(.label, n, .imageNotUsed)
      expected.note(.otherFile)
    case .imageHidden:
      try writeImage("\(image.folder).\(name)")
      expected.lose(.image, .repair(.hiddenFile))
      expected.note(.hiddenFile)
    case .twoOfOneStem:
      try write()
      try writeImage("\(place).JPEG")
      expected.lose(.image, 2, .fault(.labelsUnclear))
      expected.lose(.labelFile, .fault(.labelsUnclear))
      expected.lose(.label, n, .imageNotUsed)
      expected.fault(.labelsUnclear)
    case .annotationsBroken:
      try write()
      try root.write(labels, Data([0x30, 0x20, 0xFE, 0xFE]))
      expected.lose(.image, .fault(.annotationBroken))
      expected.lose(.labelFile, .fault(.annotationBroken))
      expected.fault(.annotationBroken)
    case .annotationsAbsent:
      try writeImage("\(place).png")
      expected.use(image: name, labels: 0)
    case .annotationsTwice:
      try writeImage("\(place).png")
      for folder in ["labels", "images"] { try writeLabels(lines, "\(folder)/\(place).txt") }
      expected.use(image: name, labelFiles: 1, labels: n)
      expected.lose(.labelFile, .repair(.labelFileTwice))
      expected.lose(.label, n, .repair(.labelFileTwice))
      expected.note(.labelFileTwice)
    case .annotationsDiffer:
      try writeImage("\(place).png")
      try writeLabels(lines, "labels/\(place).txt")
      try writeLabels(lines + lines, "images/\(place).txt")
      expected.lose(.image, .fault(.labelsUnclear))
      expected.lose(.labelFile, 2, .imageNotUsed)
      expected.lose(.label, 3 * n, .imageNotUsed)
      expected.fault(.labelsUnclear)
    case .boxOutside:
      try write(["0 1.5 1.5 0.1 0.1"])
      expected.use(image: name, labelFiles: 1, labels: n)
      expected.lose(.label, .repair(.boxWithoutArea))
      expected.note(.boxWithoutArea)
    case .unknownClass:
      try write(["7 0.5 0.5 0.1 0.1"])
      loseLine(name, n, .unknownClass)
    case .noNumber:
      try write(["0 0.5 nan 0.1 0.1"])
      loseLine(name, n, .annotationBroken)
    case .pixels:
      try write(["0 20 15 10 10"])
      loseLine(name, n, .annotationBroken)
    case .boxOverhanging: try repaired("0 0.95 0.5 0.2 0.2", .boxClipped)
    case .outline: try repaired("1 0.1 0.1 0.4 0.1 0.4 0.5", .outlineBoxed)
    case .valueBehind: try repaired("2 0.5 0.5 0.2 0.2 0.87", .valuesLeftOut)
    case .decimalComma: try repaired("2 0,5 0,5 0,25 0,25", .numberForm)
    case .otherForm:
      try writeImage("\(place)\u{E9}.png")
      try writeLabels(lines, "labels/\(place)e\u{301}.txt")
      expected.use(image: "\(image.stem)\u{E9}.png", labelFiles: 1, labels: n)
      expected.note(.nameForm)
    case .otherCase:
      try writeImage("\(place).PNG")
      try writeLabels(lines, "labels/\(image.folder)\(image.stem.uppercased()).TXT")
      expected.use(image: "\(image.stem).PNG", labelFiles: 1, labels: n)
      expected.note(.nameForm)
    case .withoutEnding, .foreignFolder, .foreignDrive, .wrongName: break
    }
    func repaired(_ line: String, _ kind: Repair.Kind) throws {
      try write([line])
      expected.use(image: name, labelFiles: 1, labels: n + 1)
      expected.note(kind)
    }
  }

  private mutating func loseLine(_ name: String, _ n: Int, _ kind: Finding.Kind) {
    expected.use(image: name, labelFiles: 1, labels: n)
    expected.lose(.label, .fault(kind))
    expected.fault(kind)
  }
}

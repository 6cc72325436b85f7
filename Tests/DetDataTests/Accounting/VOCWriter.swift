import DetBasics
import Foundation
import TestSupport

@testable import DetData

/// Writes made-up images as Pascal VOC: Annotations/ beside JPEGImages/.
struct VOCWriter: PlantedWriter {
  static let faults: [PlantedFault] = [
    .imageBroken, .imageAbsent, .otherPicture, .imageHidden, .twoOfOneStem, .annotationsBroken,
    .annotationsAbsent, .boxOutside, .boxOverhanging, .noNumber, .otherForm, .otherCase,
    .withoutEnding, .foreignFolder, .foreignDrive, .wrongName,
  ]
  private(set) var expected = PlantedAccount()
  private let root: TemporaryFolder

  init(_ folder: TemporaryFolder) { root = folder }

  func finish() throws -> DatasetSource {
    try root.write(
      "Annotations/last_z.xml",
      vocXML("last_z.png", PixelSize(width: 40, height: 30), [("tree", [1, 1, 9, 9])]))
    try root.write("JPEGImages/last_z.png", PlantedSet.png(PixelSize(width: 40, height: 30)))
    return DatasetSource(format: .voc, annotations: root.file("Annotations"))
  }

  mutating func add(_ image: PlantedImage) throws {
    // The image that `finish` writes, so that there is an annotation file.
    if expected.boxes.isEmpty { expected.use(image: "last_z.png", labelFiles: 1, labels: 1) }
    let place = image.folder + image.stem
    let name = "\(image.stem).png"
    let n = image.boxes.count
    let boxes = image.boxes.map { box in
      (PlantedSet.classes[box.category], [box.x0 + 1, box.y0 + 1, box.x1, box.y1])
    }
    func writeImage(_ path: String) throws {
      try root.write("JPEGImages/\(path)", PlantedSet.png(image.size))
    }
    func writeXML(_ name: String, _ more: [(String, [Int])] = []) throws {
      try root.write("Annotations/\(place).xml", vocXML(name, image.size, boxes + more))
    }
    func loseAll(_ reason: DatasetAccount.Reason, images: Int = 1) {
      expected.lose(.image, images, reason)
      expected.lose(.labelFile, .imageNotUsed)
      expected.lose(.label, n, .imageNotUsed)
    }
    func found(_ written: String, as file: String? = nil, _ kinds: [Repair.Kind]) throws {
      let file = file ?? name
      try writeImage(image.folder + file)
      try writeXML(written)
      expected.use(image: file, labelFiles: 1, labels: n)
      for kind in kinds { expected.note(kind) }
    }
    switch image.fault {
    case nil: try found(image.variant % 2 == 0 ? name : "", [])
    case .imageBroken:
      try root.write("JPEGImages/\(place).png", "no picture")
      try writeXML(name)
      loseAll(.fault(.imageBroken))
      expected.fault(.imageBroken)
    case .imageAbsent:
      try writeXML(name)
      loseAll(.fault(.imageMissing))
      expected.fault(.imageMissing)
    case .otherPicture:
      try root.write("JPEGImages/\(place).webp", "RIFF")
      try writeXML("\(image.stem).webp")
      loseAll(.repair(.otherFile))
      expected.note(.otherFile)
    case .imageHidden:
      try writeImage("\(image.folder).\(name)")
      expected.lose(.image, .repair(.hiddenFile))
      expected.note(.hiddenFile)
    case .twoOfOneStem:
      try writeImage("\(place).png")
      try writeImage("\(place).jpg")
      try writeXML(image.stem)
      loseAll(.fault(.labelsUnclear), images: 2)
      expected.fault(.labelsUnclear)
    case .annotationsBroken:
      try writeImage("\(place).png")
      try root.write("Annotations/\(place).xml", "<annotation><object>")
      expected.lose(.image, .fault(.annotationBroken))
      expected.lose(.labelFile, .fault(.annotationBroken))
      expected.fault(.annotationBroken)
    case .annotationsAbsent:
      try writeImage("\(place).png")
      expected.lose(.image, .repair(.imageWithoutLabels))
      expected.note(.imageWithoutLabels)
    case .boxOutside:
      try writeImage("\(place).png")
      try writeXML(name, [("tree", [101, 101, 120, 120])])
      expected.use(image: name, labelFiles: 1, labels: n)
      expected.lose(.label, .repair(.boxWithoutArea))
      expected.note(.boxWithoutArea)
    case .boxOverhanging:
      try writeImage("\(place).png")
      try writeXML(name, [("tree", [21, 11, 120, 25])])
      expected.use(image: name, labelFiles: 1, labels: n + 1)
      expected.note(.boxClipped)
    case .noNumber:
      try writeImage("\(place).png")
      let xml = vocXML(name, image.size, boxes + [("tree", [77, 2, 79, 5])])
      try root.write(
        "Annotations/\(place).xml", xml.replacingOccurrences(of: "<xmin>77<", with: "<xmin>null<"))
      expected.use(image: name, labelFiles: 1, labels: n)
      expected.lose(.label, .fault(.annotationBroken))
      expected.fault(.annotationBroken)
    case .otherForm:
      try found("\(image.stem)e\u{301}.png", as: "\(image.stem)\u{E9}.png", [.nameForm])
    case .otherCase: try found(name.uppercased(), [.nameForm])
    case .withoutEnding: try found(image.stem, [.nameEnding])
    case .foreignFolder: try found("/home/me/set/\(name)", [.nameFolder])
    case .foreignDrive: try found("C:\\Users\\me\\\(name)", [.nameSeparators, .nameFolder])
    case .wrongName: try found("elsewhere_\(image.stem).png", [.nameOfAnnotation])
    case .annotationsTwice, .annotationsDiffer, .unknownClass, .pixels, .outline, .valueBehind,
      .decimalComma:
      break
    }
  }
}

import DetBasics
import Foundation
import TestSupport

@testable import DetData

/// Writes made-up images as BDD100K's labels: a list of frames.
struct BDDWriter: PlantedWriter {
  static let faults: [PlantedFault] = [
    .imageBroken, .imageAbsent, .annotationsBroken, .annotationsAbsent, .boxOutside,
    .boxOverhanging, .noNumber, .outline, .decimalComma, .otherForm, .otherCase, .withoutEnding,
    .foreignFolder, .foreignDrive, .wrongName,
  ]
  private(set) var expected = PlantedAccount()
  private let root: TemporaryFolder
  private var folders = PlantedFolders()
  private var frames: [String] = []
  private var withoutBox = 0

  init(_ folder: TemporaryFolder) { root = folder }

  mutating func finish() throws -> DatasetSource {
    try root.makeFolder("images")
    folders.expect(&expected)
    if withoutBox > 0 {
      expected.lose(.label, withoutBox, .repair(.labelWithoutBox))
      expected.note(.labelWithoutBox)
    }
    let file = try root.write("bdd.json", "[\(frames.joined(separator: ",\n"))]")
    return DatasetSource(format: .bdd, annotations: file, images: root.file("images"))
  }

  private static func label(_ category: String, _ edges: [String]) -> String {
    let keys = ["x1", "y1", "x2", "y2"]
    let box = zip(keys, edges).map { "\"\($0)\":\($1)" }.joined(separator: ",")
    return "{\"category\":\"\(category)\",\"box2d\":{\(box)}}"
  }

  mutating func add(_ image: PlantedImage) throws {
    let (file, name, kinds) = image.listed
    let isLost = [.imageBroken, .imageAbsent, .wrongName, .annotationsBroken]
      .contains(image.fault)
    if image.fault != .imageAbsent {
      let picture =
        image.fault == .imageBroken ? Data("no picture".utf8) : PlantedSet.png(image.size)
      try root.write("images/\(file)", picture)
      let isUnnamed = [.wrongName, .annotationsBroken].contains(image.fault)
      folders.write(in: image.folder, isNamed: !isUnnamed)
    }
    var labels = image.boxes.map { box in
      Self.label(
        PlantedSet.classes[box.category], [box.x0, box.y0, box.x1, box.y1].map { "\($0)" })
    }
    let escaped = name.replacingOccurrences(of: "\\", with: "\\\\")
    if image.fault == .annotationsBroken {
      frames.append(["{\"labels\":[]}", "null", "{\"name\":[\"\(escaped)\"]}"][image.variant % 3])
      expected.lose(.image, .fault(.annotationBroken))
      return expected.fault(.annotationBroken)
    }
    let n = image.fault == .annotationsAbsent ? 0 : labels.count
    let more = addMore(image, &labels)
    let list = image.fault == .annotationsAbsent ? "null" : "[\(labels.joined(separator: ","))]"
    frames.append("{\"name\":\"\(escaped)\",\"labels\":\(list)}")
    guard !isLost else {
      let kind: Finding.Kind = image.fault == .imageBroken ? .imageBroken : .imageMissing
      expected.lose(.image, .fault(kind))
      expected.fault(kind)
      return expected.lose(.label, n, .imageNotUsed)
    }
    // A name without an ending is BDD100K's own.
    for kind in kinds where image.fault != .withoutEnding { expected.note(kind) }
    expected.use(image: (file as NSString).lastPathComponent, labels: n + more)
  }

  /// Adds the label that is wrong; returns how many boxes more the image has by it.
  private mutating func addMore(_ image: PlantedImage, _ labels: inout [String]) -> Int {
    let (width, height) = (image.size.width, image.size.height)
    switch image.fault {
    case .boxOutside:
      labels.append(
        Self.label("tree", [width + 5, height + 5, width + 9, height + 9].map { "\($0)" }))
      expected.lose(.label, .repair(.boxWithoutArea))
      expected.note(.boxWithoutArea)
      return 0
    case .boxOverhanging:
      labels.append(
        Self.label("tree", [width - 4, height - 4, width + 4, height + 4].map { "\($0)" }))
      expected.note(.boxClipped)
      return 1
    case .outline:
      labels.append("{\"category\":\"tree\",\"poly2d\":[{\"vertices\":[[1,2],[9,8]]}]}")
      withoutBox += 1
      return 0
    case .decimalComma:
      labels.append(Self.label("tree", ["\"1\"", "2", "9", "8"]))
      expected.note(.numberForm)
      return 1
    case .noNumber:
      let broken = [
        Self.label("tree", ["NaN", "2", "9", "8"]), Self.label("tree", ["1", "2", "9"]), "7",
        Self.label("", ["1", "2", "9", "8"]), "{\"category\":\"tree\",\"box2d\":[1,2,9,8]}",
      ]
      labels.append(broken[image.variant % broken.count])
      expected.lose(.label, .fault(.annotationBroken))
      expected.fault(.annotationBroken)
      return 0
    default: return 0
    }
  }
}

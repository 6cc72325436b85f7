import DetBasics
import Foundation
import TestSupport

@testable import DetData

/// What lies in the folders of images, and which of it a list names: the rest of a folder in which a named image lies is
/// left out and listed.
struct PlantedFolders {
  private var files: [String: Int] = [:]
  private var named: [String: Int] = [:]

  mutating func write(in folder: String, isNamed: Bool) {
    files[folder, default: 0] += 1
    if isNamed { named[folder, default: 0] += 1 }
  }

  func expect(_ expected: inout PlantedAccount) {
    for (folder, count) in named {
      let others = files[folder, default: 0] - count
      guard others > 0 else { continue }
      expected.lose(.image, others, .repair(.notListed))
      expected.note(.notListed)
    }
  }
}

/// Names as tools write them, for the formats with a list of images.
extension PlantedImage {
  /// The file below the folder of images, the name that the list has for it, and what is noted of that.
  var listed: (file: String, name: String, kinds: [Repair.Kind]) {
    let plain = "\(folder)\(stem).png"
    switch fault {
    case .otherForm:
      return ("\(folder)\(stem)\u{E9}.png", "\(folder)\(stem)e\u{301}.png", [.nameForm])
    case .otherCase: return (plain, "\(folder)\(stem.uppercased()).PNG", [.nameForm])
    case .withoutEnding: return (plain, folder + stem, [.nameEnding])
    case .foreignFolder: return (plain, "/home/me/set/\(plain)", [.nameFolder])
    case .foreignDrive:
      let name = "C:\\set\\" + plain.replacingOccurrences(of: "/", with: "\\")
      return (plain, name, [.nameSeparators, .nameFolder])
    case .wrongName: return (plain, "\(folder)other_\(stem).png", [])
    default: return (plain, plain, [])
    }
  }
}

/// Writes made-up images as a COCO file.
struct COCOWriter: PlantedWriter {
  static let faults: [PlantedFault] = [
    .imageBroken, .imageAbsent, .annotationsTwice, .boxOutside, .boxOverhanging, .unknownClass,
    .noNumber, .outline, .valueBehind, .decimalComma, .otherForm, .otherCase, .withoutEnding,
    .foreignFolder, .foreignDrive, .wrongName,
  ]
  private(set) var expected = PlantedAccount()
  private let root: TemporaryFolder
  private var folders = PlantedFolders()
  private var images: [String] = []
  private var annotations: [String] = []
  private var used = 0

  init(_ folder: TemporaryFolder) { root = folder }

  mutating func finish() throws -> DatasetSource {
    try root.makeFolder("images")
    folders.expect(&expected)
    let classes = PlantedSet.classes.enumerated().map { index, name in
      "{\"id\":\(10 * index + 1),\"name\":\"\(name)\"}"
    }
    let lists = [("images", images), ("annotations", annotations), ("categories", classes)]
      .map { "\"\($0)\":[\($1.joined(separator: ",\n"))]" }
    let file = try root.write("coco.json", "{\(lists.joined(separator: ",\n"))}")
    return DatasetSource(format: .coco, annotations: file, images: root.file("images"))
  }

  private mutating func addBox(_ image: Int, _ category: Int, _ values: String) {
    annotations.append(
      "{\"id\":\(annotations.count + 1),\"image_id\":\(image),\"category_id\":\(category),\(values)}"
    )
  }

  mutating func add(_ image: PlantedImage) throws {
    let (file, name, kinds) = image.listed
    let isLost = [.imageBroken, .imageAbsent, .wrongName].contains(image.fault)
    if !isLost { used += 1 }
    let id = isLost ? 1000 + images.count : used
    if image.fault != .imageAbsent {
      let picture =
        image.fault == .imageBroken ? Data("no picture".utf8) : PlantedSet.png(image.size)
      try root.write("images/\(file)", picture)
      folders.write(in: image.folder, isNamed: image.fault != .wrongName)
    }
    let isSized = image.fault != .imageBroken && image.variant % 2 == 0
    let size = isSized ? ",\"width\":\(image.size.width),\"height\":\(image.size.height)" : ""
    let escaped = name.replacingOccurrences(of: "\\", with: "\\\\")
    images.append("{\"id\":\(id),\"file_name\":\"\(escaped)\"\(size)}")
    for box in image.boxes {
      let sides = "\(box.x0),\(box.y0),\(box.x1 - box.x0),\(box.y1 - box.y0)"
      addBox(id, 10 * box.category + 1, "\"bbox\":[\(sides)]")
    }
    let n = image.boxes.count
    guard !isLost else {
      let kind: Finding.Kind = image.fault == .imageBroken ? .imageBroken : .imageMissing
      expected.lose(.image, .fault(kind))
      expected.fault(kind)
      return expected.lose(.label, n, .imageNotUsed)
    }
    for kind in kinds { expected.note(kind) }
    let more = try addMore(image, id)
    expected.use(image: (file as NSString).lastPathComponent, labels: n + more)
  }

  /// Adds the box or entry that is wrong; returns how many boxes more the image has by it.
  private mutating func addMore(_ image: PlantedImage, _ id: Int) throws -> Int {
    let (width, height) = (image.size.width, image.size.height)
    switch image.fault {
    case .annotationsTwice:
      images.append("{\"id\":\(2000 + id),\"file_name\":\"\(image.listed.file)\"}")
      expected.lose(.image, .repair(.imageListedTwice))
      expected.note(.imageListedTwice)
      return 0
    case .boxOutside:
      addBox(id, 1, "\"bbox\":[\(width + 5),\(height + 5),4,4]")
      expected.lose(.label, .repair(.boxWithoutArea))
      expected.note(.boxWithoutArea)
      return 0
    case .boxOverhanging:
      addBox(id, 1, "\"bbox\":[\(width - 4),\(height - 4),8,8]")
      expected.note(.boxClipped)
      return 1
    case .outline:
      addBox(id, 1, "\"segmentation\":[[1,2,9,2,9,8]]")
      expected.note(.outlineBoxed)
      return 1
    case .decimalComma:
      addBox(id, 1, "\"bbox\":[\"1\",2,\"3.0\",4]")
      expected.note(.numberForm)
      return 1
    case .unknownClass:
      addBox(id, 77, "\"bbox\":[1,2,3,4]")
      expected.lose(.label, .fault(.unknownClass))
      expected.fault(.unknownClass)
      return 0
    case .noNumber, .valueBehind:
      let broken = ["[1,2,\"x\",4]", "null", "[1,2,NaN,4]", "[1,2,-3,4]", "{}"]
      let isLong = image.fault == .valueBehind
      addBox(id, 1, "\"bbox\":\(isLong ? "[1,2,3,4,0.9]" : broken[image.variant % broken.count])")
      expected.lose(.label, .fault(.annotationBroken))
      expected.fault(.annotationBroken)
      return 0
    default: return 0
    }
  }
}

import DetBasics
import Foundation
import TestSupport

@testable import DetData

/// What may be wrong with an image of a made-up data set, or odd about it; no format has all.
enum PlantedFault: String, CaseIterable {
  /// The image's file is no picture.
  case imageBroken
  /// The image that annotations belong to is not there.
  case imageAbsent
  /// A picture of a kind that cannot be decoded.
  case otherPicture
  /// The image is hidden.
  case imageHidden
  /// Two images whose names differ in their endings, annotated once and without an ending.
  case twoOfOneStem
  /// The annotations of the image cannot be read at all.
  case annotationsBroken
  /// There are none.
  case annotationsAbsent
  /// They are there twice, with the same content.
  case annotationsTwice
  /// They are there twice, and differ.
  case annotationsDiffer
  /// One box more, outside the picture.
  case boxOutside
  /// One box more, which reaches beyond the picture.
  case boxOverhanging
  /// One box more, of a class that there is not.
  case unknownClass
  /// One box more, one of whose numbers is none.
  case noNumber
  /// One box more, in pixels where shares belong.
  case pixels
  /// One box more, as an outline.
  case outline
  /// One box more, with a score behind it.
  case valueBehind
  /// One box more, with decimal commas.
  case decimalComma
  /// The name is written in another Unicode form.
  case otherForm
  /// The name is written in other case.
  case otherCase
  /// The name is written without its ending.
  case withoutEnding
  /// The name is written with the folders of another machine.
  case foreignFolder
  /// The same, as Windows writes it.
  case foreignDrive
  /// The name that is written is no image's.
  case wrongName
}

/// An image of a made-up data set, before it is written in a format.
struct PlantedImage {
  /// A box in whole pixels, within the picture.
  struct Box {
    let x0: Int
    let y0: Int
    let x1: Int
    let y1: Int
    /// Its class, an index into ``PlantedSet/classes``.
    let category: Int
  }

  /// "" or the folder below that of the images, with "/" behind it.
  let folder: String
  /// The file's name without its ending: its own in the whole set, with letters in it.
  let stem: String
  let size: PixelSize
  let boxes: [Box]
  let fault: PlantedFault?
  /// For choices that a format has and others do not.
  let variant: Int
}

/// A made-up data set: images with boxes, each with at most one fault.
struct PlantedSet {
  static let classes = ["tree", "palm", "shrub"]
  let images: [PlantedImage]

  /// Images drawn by a seed, with faults out of `faults`.
  init(seed: UInt64, faults: [PlantedFault], hasBoxes: Bool = true) {
    var generator = Generator(seed: seed)
    let count = 2 + generator.index(below: 9)
    images = (0..<count).map { number in
      let size = generator.chance(0.5) ? Self.sizes[0] : Self.sizes[1]
      let isFaulty = generator.chance(0.6)
      let boxes = (0..<(hasBoxes ? 1 + generator.index(below: 4) : 0)).map { _ in
        let x = generator.index(below: size.width - 8)
        let y = generator.index(below: size.height - 8)
        return PlantedImage.Box(
          x0: x, y0: y, x1: x + 4 + generator.index(below: size.width - x - 4),
          y1: y + 4 + generator.index(below: size.height - y - 4),
          category: generator.index(below: Self.classes.count))
      }
      return PlantedImage(
        folder: generator.pick(["", "", "day1/", "day2/late/"]) ?? "", stem: "img\(number)_a",
        size: size, boxes: boxes, fault: isFaulty ? generator.pick(faults) : nil,
        variant: generator.index(below: 1 << 20))
    }
  }

  private static let sizes = [PixelSize(width: 40, height: 30), PixelSize(width: 32, height: 32)]

  /// A picture of a size, as PNG; the same for all of that size.
  static func png(_ size: PixelSize) -> Data { pictures[size] ?? Data() }

  private static let pictures: [PixelSize: Data] = Dictionary(
    uniqueKeysWithValues: sizes.map { ($0, (try? ramp($0.width, $0.height).encodePNG()) ?? Data()) }
  )
}

/// What a reader must say of the files that were written.
struct PlantedAccount {
  var account = DatasetAccount()
  var repairs: [Repair.Kind: Int] = [:]
  var faults: [Finding.Kind: Int] = [:]
  /// Boxes of the images that are used, by the name of the file.
  var boxes: [String: Int] = [:]

  /// Images, label files and labels that are found and used.
  mutating func use(image name: String, labelFiles: Int = 0, labels: Int) {
    for (item, count) in [
      (DatasetAccount.Item.image, 1), (.labelFile, labelFiles), (.label, labels),
    ] where count > 0 {
      account.find(item, count)
      account.use(item, count)
    }
    boxes[name] = labels
  }

  /// What is found and left out.
  mutating func lose(
    _ item: DatasetAccount.Item, _ count: Int, _ reason: DatasetAccount.Reason
  ) {
    account.find(item, count)
    account.leaveOut(item, count, because: reason)
  }

  mutating func lose(_ item: DatasetAccount.Item, _ reason: DatasetAccount.Reason) {
    lose(item, 1, reason)
  }

  mutating func note(_ kind: Repair.Kind) { repairs[kind, default: 0] += 1 }
  mutating func fault(_ kind: Finding.Kind) { faults[kind, default: 0] += 1 }
}

/// Writes made-up images in a format, and says what a reader must say of them.
protocol PlantedWriter {
  /// The faults that the format can have.
  static var faults: [PlantedFault] { get }
  /// Whether images have boxes, or else one class as a whole.
  static var hasBoxes: Bool { get }
  var expected: PlantedAccount { get }
  init(_ folder: TemporaryFolder)
  mutating func add(_ image: PlantedImage) throws
  /// Writes what belongs to no single image, and says how the set is read.
  mutating func finish() throws -> DatasetSource
}

extension PlantedWriter {
  static var hasBoxes: Bool { true }
}

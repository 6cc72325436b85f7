import CJSON
import DetBasics
import DetJSON

/// What a COCO instances file says, list by list, not yet judged.
struct COCOFile {
  struct Image {
    let id: Int64
    let size: PixelSize?  // nil: not stated
    let name: String
  }

  struct Annotation {
    let id: Int64
    let image: Int64
    let category: Int64
    let box: (x: Double, y: Double, width: Double, height: Double)
    let area: Double?
    let isCrowd: Bool
    let isIgnored: Bool
  }

  private(set) var images: [Image] = []
  private(set) var categories: [Category] = []
  private(set) var annotations: [Annotation] = []

  /// Reads the file; what is wrong with its text is told with line, column and key.
  init(_ path: String) throws {
    try JSONSource.file(path).forEachTruthBlock(threads: 1) { try add($0, path) }
  }

  private mutating func add(_ block: CJSONTruthBlock, _ path: String) throws {
    for index in 0..<block.count {
      switch block.kind {
      case Int32(bitPattern: CJSONTruthImages.rawValue):
        let size = try Self.size(block, index, place: "\(path): images[\(images.count)]")
        images.append(Image(id: block.ids[index], size: size, name: block.text(index)))
      case Int32(bitPattern: CJSONTruthCategories.rawValue):
        categories.append(Category(id: block.ids[index], name: block.text(index)))
      default:
        annotations.append(Self.annotation(block, index))
      }
    }
  }

  private static func size(
    _ block: CJSONTruthBlock, _ index: Int, place: String
  ) throws -> PixelSize? {
    let width = block.widths[index]
    let height = block.heights[index]
    if width == 0 || height == 0 { return nil }
    guard width <= 1 << 20, height <= 1 << 20 else {
      throw DataError(
        place: place, problem: "the size \(width)x\(height) is beyond any image",
        cure: "correct width and height")
    }
    return PixelSize(width: Int(width), height: Int(height))
  }

  private static func annotation(_ block: CJSONTruthBlock, _ index: Int) -> Annotation {
    let flags = Int(block.flags[index])
    let box = block.boxes + 4 * index
    return Annotation(
      id: block.ids[index], image: block.imageIDs[index], category: block.categoryIDs[index],
      box: (box[0], box[1], box[2], box[3]),
      area: flags & CJSONAnnotationNoArea != 0 ? nil : block.areas[index],
      isCrowd: flags & CJSONAnnotationCrowd != 0, isIgnored: flags & CJSONAnnotationIgnore != 0)
  }
}

import DetBasics
import Foundation

extension DatasetSource {
  /// Reads a source and refuses keys that mean nothing for its format.
  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    format = try keys.decode(DatasetFormat.self, forKey: .format)
    annotations = try keys.decodeIfPresent(String.self, forKey: .annotations)
    images = try keys.decodeIfPresent(String.self, forKey: .images)
    imageSet = try keys.decodeIfPresent(String.self, forKey: .imageSet)
    classes = try keys.decodeIfPresent([String].self, forKey: .classes)
    classFile = try keys.decodeIfPresent(String.self, forKey: .classFile)
    firstPixel = try keys.decodeIfPresent(Int.self, forKey: .firstPixel)
    ignoreDifficult = try keys.decodeIfPresent(Bool.self, forKey: .ignoreDifficult)
    skipMissing = try keys.decodeIfPresent(Bool.self, forKey: .skipMissing)
    tiles = try keys.decodeIfPresent(Tiling.self, forKey: .tiles)
    split = try keys.decodeIfPresent(Split.self, forKey: .split)
    subset = try keys.decodeIfPresent(Subset.self, forKey: .subset)
    count = try keys.decodeIfPresent(Int.self, forKey: .count)
    size = try keys.decodeIfPresent(String.self, forKey: .size)
    seed = try keys.decodeIfPresent(UInt64.self, forKey: .seed)
    parts = try keys.decodeIfPresent([DatasetSource].self, forKey: .parts)
    let present = Set(CodingKeys.allCases.filter { keys.contains($0) })
    if let problem = problem(present: present) {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: problem))
    }
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case format, annotations, images, imageSet, classes, classFile, firstPixel, ignoreDifficult
    case skipMissing, tiles, split, subset, count, size, seed, parts
  }

  /// What is wrong with this source before any file is looked at; nil when nothing is.
  public var problem: String? {
    let isPresent: [(CodingKeys, Bool)] = [
      (.annotations, annotations != nil), (.images, images != nil), (.imageSet, imageSet != nil),
      (.classFile, classFile != nil), (.tiles, tiles != nil),
      (.firstPixel, firstPixel != nil), (.ignoreDifficult, ignoreDifficult != nil),
      (.skipMissing, skipMissing != nil), (.count, count != nil), (.size, size != nil),
      (.seed, seed != nil), (.parts, parts != nil),
    ]
    return problem(present: Set(isPresent.filter(\.1).map(\.0)))
  }

  private func problem(present: Set<CodingKeys>) -> String? {
    for key in CodingKeys.allCases
    where present.contains(key) && !Self.keys(of: format).contains(key) {
      let known = CodingKeys.allCases.filter(Self.keys(of: format).contains).map(\.rawValue)
      return "the key \"\(key.rawValue)\" means nothing for the format \(format.rawValue), "
        + "which knows \(known.joined(separator: ", "))"
    }
    return missingKey ?? wrongValue
  }

  private static func keys(of format: DatasetFormat) -> Set<CodingKeys> {
    let everywhere: Set<CodingKeys> = [.format, .classes, .classFile, .tiles, .split, .subset]
    let files = everywhere.union([.annotations, .images, .skipMissing])
    return switch format {
    case .voc: files.union([.imageSet, .firstPixel, .ignoreDifficult])
    case .coco, .bdd, .yolo: files
    case .folders: [.format, .annotations, .images, .classes, .classFile, .split, .subset]
    case .shapes: everywhere.union([.count, .size, .seed])
    case .union: everywhere.union([.parts])
    }
  }

  private var missingKey: String? {
    switch format {
    case .voc, .coco, .bdd:
      return annotations == nil
        ? "the key \"annotations\" is missing: the file or folder to read" : nil
    case .yolo:
      if images == nil { return "the key \"images\" is missing: the folder of images" }
      return classes == nil && classFile == nil
        ? "the key \"classes\" is missing: YOLO files name classes by number" : nil
    case .folders:
      return images == nil
        ? "the key \"images\" is missing: the folder that has one folder per class, or with \"annotations\" all images"
        : nil
    case .shapes:
      return count == nil ? "the key \"count\" is missing: how many scenes to draw" : nil
    case .union:
      return parts?.isEmpty ?? true
        ? "the key \"parts\" is missing: the list of data sets to join" : nil
    }
  }

  private var wrongValue: String? {
    if classes != nil, classFile != nil {
      return "classes and classFile are both given; give one of them"
    }
    if let classes {
      if classes.isEmpty { return "classes is empty; name at least one, or leave the key out" }
      if let twice = classes.first(where: { name in classes.count { $0 == name } > 1 }) {
        return "classes names \"\(twice)\" twice"
      }
    }
    if let firstPixel, firstPixel != 0, firstPixel != 1 {
      return "firstPixel is \(firstPixel); it is 0 or 1"
    }
    if let count, count < 1 { return "count is \(count); it is at least 1" }
    if let size {
      guard let pixels = PixelSize(size) else {
        return "size is \"\(size)\"; it reads like 128x128"
      }
      if min(pixels.width, pixels.height) < 32 {
        return "size is \(size); each side is at least 32"
      }
    }
    if format == .shapes, let other = classes?.first(where: { ShapeKind(rawValue: $0) == nil }) {
      let known = ShapeKind.allCases.map(\.rawValue).joined(separator: ", ")
      return "there is no shape \"\(other)\"; there are \(known)"
    }
    return nil
  }

  /// The source with ``classFile`` read into ``classes``: one on every line that is not empty.
  func withClassesOfFile() throws -> DatasetSource {
    guard let classFile else { return self }
    var source = self
    source.classFile = nil
    source.classes = try TextFile.text(classFile).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    if let problem = source.problem { throw DataError(place: classFile, problem: problem) }
    return source
  }

  /// The source with its paths taken from `folder` where they are relative.
  public func resolved(against folder: String) -> DatasetSource {
    func absolute(_ path: String?) -> String? {
      path.map { path in
        let joined =
          path.hasPrefix("/") ? path : (folder as NSString).appendingPathComponent(path)
        return URL(fileURLWithPath: joined).standardizedFileURL.path
      }
    }
    var source = self
    source.annotations = absolute(annotations)
    source.images = absolute(images)
    source.imageSet = absolute(imageSet)
    source.classFile = absolute(classFile)
    source.parts = parts?.map { $0.resolved(against: folder) }
    return source
  }
}

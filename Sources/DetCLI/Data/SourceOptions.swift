import DetBasics
import DetCommand
import DetData
import Foundation

extension DatasetFormat: ArgumentChoice {}

/// How verbs that look at a data set without a plan are told where it is and how to read it.
enum SourceOptions {
  static let format = Option<DatasetFormat>(
    "--format", "FORMAT", "\(names); found out when left out")
  static let images = Option<String>(
    "--images", "DIR", "the folder of images, where the format does not say")
  static let validation = Option<String>(
    "--validation", "PATH", "the data set to measure on")
  static let validationImages = Option<String>(
    "--validation-images", "DIR", "its folder of images, when it is another")
  static let classes = Option<String>(
    "--classes", "LIST",
    "names with commas between them, a text file with one on every line, a data.yaml or obj.data")
  static let firstPixel = Option<Int>(
    "--first-pixel", "N", "VOC: the number of the first pixel, 0 or 1")

  private static var names: String {
    DatasetFormat.allCases.filter { $0 != .union }.map(\.rawValue).joined(separator: " | ")
  }

  /// The data set at `path`, as the options describe it, its paths as they were typed. Of a data file of YOLO's tools, which
  /// describes several, it is the one of `side`.
  static func source(
    _ path: String, images: String?, _ arguments: Arguments, side: YOLODataFile.Side = .train
  ) throws -> DatasetSource {
    var source: DatasetSource
    if let file = try dataFile(path, arguments) {
      source = try file.source(side)
      guard images == nil else {
        throw UsageError.rule("\(path) says where its images are; leave --images out")
      }
    } else {
      source = try plainSource(path, images: images, arguments)
    }
    source.firstPixel = arguments[firstPixel]
    if let classes = arguments[classes] { try set(classes, in: &source) }
    if let problem = source.problem {
      throw UsageError.rule("\(path): \(problem)\(hint(source))")
    }
    return source
  }

  /// The data file of YOLO's tools or of Darknet at `path`; nil: it is another kind of file, or a folder.
  static func dataFile(_ path: String, _ arguments: Arguments) throws -> YOLODataFile? {
    let isOne =
      ["yaml", "yml", "data"].contains((path as NSString).pathExtension.lowercased())
      && !Files.isFolder(path)
    guard isOne, arguments[format] == nil || arguments[format] == .yolo else { return nil }
    return try YOLODataFile(path)
  }

  private static func plainSource(
    _ path: String, images: String?, _ arguments: Arguments
  ) throws -> DatasetSource {
    let format = try arguments[format] ?? guess(path)
    var source = DatasetSource(format: format)
    switch format {
    case .shapes: source.count = try count(path)
    case .folders, .yolo: source.images = path
    default: source.annotations = path
    }
    if let images {
      if format == .yolo || format == .folders { source.annotations = path }
      source.images = images
    }
    return source
  }

  private static func set(_ classes: String, in source: inout DatasetSource) throws {
    if source.format == .union {
      source.parts = try source.parts?.map {
        var part = $0
        try set(classes, in: &part)
        return part
      }
    } else if FileManager.default.fileExists(atPath: classes) {
      (source.classFile, source.classes) = (classes, nil)
    } else {
      source.classes = classes.split(separator: ",").map { String($0.trimmed) }
      source.classFile = nil
    }
  }

  /// Where the classes of YOLO's text may stand, when none are given.
  private static func hint(_ source: DatasetSource) -> String {
    guard source.format == .yolo, source.classes == nil, source.classFile == nil else { return "" }
    let file = source.images.flatMap(YOLODataFile.classFile)
    return "; give --classes \(file ?? "tree,palm or a file with a name on every line")"
  }

  private static func guess(_ path: String) throws -> DatasetFormat {
    guard FileManager.default.fileExists(atPath: path) else {
      throw FileError(path: path, problem: "no such file or folder", cure: "check the path")
    }
    if let format = try DatasetFormat.guess(FilePath.absolute(path)) { return format }
    if let foreign = ForeignFormat.told(at: path) {
      throw DataError(
        place: foreign.file, problem: "is \(foreign.format.title), which is not read",
        cure: foreign.format.cure, kind: .foreignFormat)
    }
    throw UsageError.rule("\(path): the format cannot be told; name it with --format")
  }

  private static func count(_ path: String) throws -> Int {
    guard let count = Int(path) else {
      throw UsageError.rule(
        "for --format shapes the data set is a number of scenes, not \"\(path)\"")
    }
    return count
  }
}

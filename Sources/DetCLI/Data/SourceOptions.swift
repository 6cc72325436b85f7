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
    "--classes", "LIST", "names with commas between them, or a text file with one on every line")
  static let firstPixel = Option<Int>(
    "--first-pixel", "N", "VOC: the number of the first pixel, 0 or 1")

  private static var names: String {
    DatasetFormat.allCases.filter { $0 != .union }.map(\.rawValue).joined(separator: " | ")
  }

  /// The data set at `path`, as the options describe it; paths become absolute.
  static func source(
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
    source.firstPixel = arguments[firstPixel]
    if let classes = arguments[classes] {
      if FileManager.default.fileExists(atPath: classes) {
        source.classFile = classes
      } else {
        source.classes = classes.split(separator: ",").map {
          $0.trimmingCharacters(in: .whitespaces)
        }
      }
    }
    if let problem = source.problem { throw UsageError.rule("\(path): \(problem)") }
    return source.resolved(against: FileManager.default.currentDirectoryPath)
  }

  private static func guess(_ path: String) throws -> DatasetFormat {
    guard FileManager.default.fileExists(atPath: path) else {
      throw FileError(path: path, problem: "no such file or folder", cure: "check the path")
    }
    guard let format = try DatasetFormat.guess(path) else {
      throw UsageError.rule("\(path): the format cannot be told; name it with --format")
    }
    return format
  }

  private static func count(_ path: String) throws -> Int {
    guard let count = Int(path) else {
      throw UsageError.rule(
        "for --format shapes the data set is a number of scenes, not \"\(path)\"")
    }
    return count
  }
}

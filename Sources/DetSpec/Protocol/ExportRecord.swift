import DetBasics
import Foundation

/// What was exported of a trained detector: a line of JSON beside its weights for each export.
public struct ExportRecord: Sendable, Hashable, Codable {
  /// The version of this description.
  public static let currentVersion = 1

  /// See ``currentVersion``.
  public var version = ExportRecord.currentVersion
  /// The file that holds the detector, from the root.
  public let file: String
  /// `onnx` or `torchvision`.
  public let format: String
  /// What its layers compute in.
  public let precision: String
  /// Whether suppression is in it.
  public let suppression: Bool
  /// Images at once.
  public let batch: Int
  /// Whether these are the tiles of one image; nil in records of before there was that.
  public let joinsTiles: Bool?
  /// Pixels in a row of its input, padding included.
  public let width: Int
  /// Rows of its input, padding included.
  public let height: Int
  /// The file's size.
  public let bytes: Int
  /// On how many images it was proven equal.
  public let images: Int
  /// What the detector reached on them; nil without truth.
  public let AP: Double?
  /// The libraries, with their versions, in which the file found the same.
  public let verified: [String]

  /// Describes an export.
  public init(
    file: String, format: String, precision: String, suppression: Bool, batch: Int,
    joinsTiles: Bool = false,
    width: Int, height: Int, bytes: Int, images: Int, AP: Double?, verified: [String]
  ) {
    self.file = file
    self.format = format
    self.precision = precision
    self.suppression = suppression
    self.batch = batch
    self.joinsTiles = joinsTiles
    self.width = width
    self.height = height
    self.bytes = bytes
    self.images = images
    self.AP = AP
    self.verified = verified
  }

  /// What kind of file it is, in a few words: `onnx, float32, 1344x800`.
  public var words: String {
    let parts = [
      format, precision, "\(width)x\(height)",
      joinsTiles == true ? "\(batch) tiles of an image" : batch > 1 ? "batch \(batch)" : nil,
      suppression ? nil : "without suppression",
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}

extension TrialFolder {
  /// What was exported of it and is still where it was written, in order; lines that are no such records are passed over.
  public var exported: [ExportRecord] {
    guard FileManager.default.fileExists(atPath: exports), let bytes = try? Files.bytes(exports)
    else { return [] }
    var files = Set<String>()
    let all = JSONLinesContent(bytes).lines.compactMap {
      try? JSON.decode(ExportRecord.self, from: $0.text, source: exports)
    }
    // Of several exports to one place the last is there.
    return all.reversed().filter {
      files.insert($0.file).inserted && FileManager.default.fileExists(atPath: $0.file)
    }.reversed()
  }
}

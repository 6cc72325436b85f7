import DetBasics
public import DetData
public import DetSpec
public import DetTensor

/// What a file of weights says of itself, in its safetensors metadata: enough to build the detector again.
public struct Checkpoint: Codable, Sendable, Hashable {
  /// The version of this description.
  public static let currentVersion = 1

  /// See ``currentVersion``.
  public var version = Checkpoint.currentVersion
  /// The design.
  public let design: DetectorDesign
  /// How it was trained; inference uses its normalisation and thresholds.
  public let recipe: Recipe
  /// The names of the classes, in the order of the detector's labels.
  public let classes: [String]
  /// The classes' ids in results files, in the same order.
  public let categoryIDs: [Int64]
  /// How images were cut into tiles; nil when they were taken whole. Inference cuts them likewise.
  public let tiles: Tiling?
  /// Epochs of training behind the weights.
  public let epochs: Int
  /// The seed the training started from.
  public let seed: UInt64

  private static let metadataKey = "smnas"

  /// Writes weights with their description; a reader sees the old file or the new one, never half.
  public func write(_ tensors: [(name: String, tensor: Tensor)], to path: String) throws {
    try Safetensors.write(
      tensors, metadata: [Self.metadataKey: JSON.text(self)], to: path)
  }

  /// Reads weights with their description.
  public static func read(
    _ path: String
  ) throws -> (checkpoint: Checkpoint, tensors: [String: Tensor]) {
    let file = try Safetensors.read(path)
    guard let text = file.metadata[metadataKey] else {
      throw TrainingError.checkpoint(
        path: path,
        problem:
          "holds tensors, but no description of a detector; name a file that `smnas train` or a run wrote"
      )
    }
    let checkpoint = try JSON.decode(Checkpoint.self, from: text, source: path)
    guard checkpoint.version <= currentVersion else {
      throw TrainingError.checkpoint(
        path: path,
        problem:
          "has version \(checkpoint.version), this program reads up to \(currentVersion); update it"
      )
    }
    return (checkpoint, file.tensors)
  }
}

import DetBasics
import DetSpec
public import DetTensor

/// The description in a file of weights, in its safetensors metadata: enough to rebuild the model.
public protocol WeightsDescription: Codable {
  /// The newest version of the description that this program reads.
  static var currentVersion: Int { get }
  /// The name under which the description stands in the metadata.
  static var metadataKey: String { get }
  /// What is described and who writes it, for errors: `a detector`, `smnas train`.
  static var subject: (model: String, writer: String) { get }
  /// The version it was written in.
  var version: Int { get }
  /// Epochs that the weights were trained for.
  var epochs: Int { get }
}

extension WeightsDescription {
  /// Writes weights with their description; a reader sees the old file or the new one, never half. With `replaces` false a
  /// file that is there is an error.
  public func write(
    _ tensors: [(name: String, tensor: Tensor)], to path: String, replaces: Bool = true
  ) throws {
    try Safetensors.write(
      tensors, metadata: [Self.metadataKey: JSON.text(self)], to: path, replaces: replaces)
  }

  /// Writes a checkpoint: tensors, their description and the training's state, under a checksum; the checkpoint that was
  /// there becomes the one before.
  func write(
    _ tensors: [(name: String, tensor: Tensor)], _ state: TrainingState, to folder: TrialFolder
  ) throws {
    let metadata = [
      Self.metadataKey: try JSON.text(self), TrainingState.metadataKey: try JSON.text(state),
    ]
    try Safetensors.write(
      tensors, metadata: metadata, to: folder.checkpoint, keepingAs: folder.previousCheckpoint,
      isSealed: true)
  }

  /// In what another training differs from this one, as `key: OLD → NEW`. Where it began from is of no account once there are
  /// weights, nor how far it has got.
  public func changes(to wanted: Self) throws -> [String] {
    try JSON.value(self).differences(
      from: JSON.value(wanted), free: ["epochs", "version", "recipe.pretrained"])
  }

  /// Opens a file of weights and reads its description.
  public static func read(_ path: String) throws -> (checkpoint: Self, file: TensorFile) {
    let file = try TensorFile.open(path)
    guard let text = file.metadata[metadataKey] else {
      throw TrainingError.checkpoint(
        path: path,
        problem:
          "holds tensors, but no description of \(subject.model); name a file that \(subject.writer) wrote"
      )
    }
    let checkpoint = try JSON.decode(Self.self, from: text, source: path)
    guard checkpoint.version <= currentVersion else {
      throw TrainingError.checkpoint(
        path: path,
        problem:
          "has version \(checkpoint.version), this program reads up to \(currentVersion); update it"
      )
    }
    return (checkpoint, file)
  }
}

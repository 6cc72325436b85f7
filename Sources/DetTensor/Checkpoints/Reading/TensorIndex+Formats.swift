internal import Foundation

extension TensorIndex {
  /// Reads the index of a file of tensors; nil for a list of shards, whose tensors lie in other files.
  static func read(_ data: Data, _ format: TensorFileFormat, source: String) throws -> TensorIndex?
  {
    switch format {
    case .safetensors: try TensorIndex(safetensors: data, source: source)
    case .torch: try TorchArchive.index(data, ZipArchive(data, source: source), source: source)
    case .torchLegacy: try LegacyTorchFile.index(data, source: source)
    case .pickle: try ArrayPickle.index(data, source: source)
    case .npz: try NpzArchive.index(data, ZipArchive(data, source: source), source: source)
    case .shards: nil
    }
  }
}

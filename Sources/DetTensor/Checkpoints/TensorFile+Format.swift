internal import Foundation

extension TensorFile.Format {
  /// What a file of tensors is, by its first bytes; `source` names it in errors.
  init(_ data: Data, source: String) throws {
    func starts(with bytes: [UInt8]) -> Bool { data.prefix(bytes.count).elementsEqual(bytes) }
    if starts(with: TorchArchive.signature) {
      self = .torch
      return
    }
    // A pickle: protocol 2 to 5, as torch.save wrote it by itself before 1.6.
    if data.count > 8, data.first == 0x80, (2...5).contains(data[data.startIndex + 1]),
      data[data.startIndex + 8] != UInt8(ascii: "{")
    {
      throw TensorError.file(
        path: source,
        problem: "is a checkpoint in PyTorch's format from before 1.6; convert it with "
          + "torch.save(torch.load(path, weights_only=True), path)")
    }
    self = .safetensors
  }
}

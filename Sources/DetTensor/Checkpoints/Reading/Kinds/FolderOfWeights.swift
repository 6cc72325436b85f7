import DetBasics
internal import Foundation

/// What is said where a folder is named and a file of weights should be.
enum FolderOfWeights {
  /// Names the file to take, where one of the usual names lies in the folder.
  static func refusal(_ path: String) -> TensorError {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    func has(_ name: String) -> Bool { names.contains(name) }
    let words: (problem: String, cure: String)
    if has("data.pkl") {
      words = (
        "is a folder, into which a checkpoint of PyTorch was unpacked",
        "name the .pth itself, or pack it again without compression: zip -0 -r weights.pth \"\(path)\""
      )
    } else if has(".metadata"), names.contains(where: { $0.hasSuffix(".distcp") }) {
      words = (
        "is a distributed checkpoint of PyTorch, a folder",
        "join it: python -m torch.distributed.checkpoint.format_utils dcp_to_torch \"\(path)\" weights.pth"
      )
    } else if has("saved_model.pb") {
      words = (
        "is a SavedModel of TensorFlow, a folder", "name a .pth or .safetensors of the same model"
      )
    } else {
      let likely =
        usual.filter(has) + names.filter { name in endings.contains { name.hasSuffix($0) } }
      let first = likely.first.map { ": \(FilePath.join(path, $0))" } ?? ""
      words = ("is a folder", "name the file of weights in it\(first)")
    }
    return .file(path: path, problem: "\(words.problem); \(words.cure)")
  }

  private static let usual = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
    "pytorch_model.bin.index.json",
  ]
  private static let endings = [".safetensors", ".pth", ".pt", ".bin", ".ckpt"]
}

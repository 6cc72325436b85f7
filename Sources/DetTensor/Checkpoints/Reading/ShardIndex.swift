internal import DetBasics
internal import Foundation

/// The list of the files that a large model is cut into: `model.safetensors.index.json`, `pytorch_model.bin.index.json`.
struct ShardIndex {
  /// The files, each once, in the order in which the list first names them.
  let files: [String]
  /// The file of each tensor.
  let places: [(name: String, file: String)]

  /// Whether a file in JSON is such a list.
  static func isOne(_ data: Data) -> Bool {
    data.prefix(1 << 16).range(of: Data("\"weight_map\"".utf8)) != nil
  }

  init(_ data: Data, source: String) throws {
    func error(_ problem: String) -> TensorError { .file(path: source, problem: problem) }
    guard case .object(let members)? = try JSON.parse(data, source: source)["weight_map"]?.value,
      !members.isEmpty
    else { throw error("is a list of shards without \"weight_map\": name the file of weights") }
    var files: [String] = []
    var seen: Set<String> = []
    places = try members.map { member in
      guard case .string(let file) = member.node.value, Self.isName(file) else {
        throw error(
          "names no file beside itself for \"\(member.key)\"; the shards lie in the folder of their list"
        )
      }
      if seen.insert(file).inserted { files.append(file) }
      return (member.key, file)
    }
    self.files = files
  }

  /// Whether a text names a file of the same folder, and of no other.
  private static func isName(_ file: String) -> Bool {
    !file.isEmpty && !file.contains("/") && !file.contains("\0") && file != "." && file != ".."
  }
}

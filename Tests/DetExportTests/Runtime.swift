import DetTensor
import Foundation
import TestSupport

@testable import DetExport

/// Other programs at work on exported files: onnx's checker, onnxruntime and OpenVINO, in a Python that has them.
struct Runtime {
  /// The libraries that run files.
  static let libraries = ["onnxruntime", "openvino"]

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Adds a file with its inputs.
  func add(_ graph: Graph, _ inputs: [String: Tensor], as name: String) throws {
    let model = ONNXModel(
      graph, metadata: [("name", name)], producer: (name: "smnas", version: "test"))
    try model.data().write(to: URL(fileURLWithPath: folder.file(name + ".onnx")))
    try Safetensors.write(
      inputs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, metadata: [:],
      to: folder.file(name + ".safetensors"), replaces: false)
  }

  /// Checks and runs all files.
  func run() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ExportPython.path ?? "/usr/bin/false")
    process.arguments = [
      Golden.path("run_files.py"), folder.path,
    ]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(what: "run_files.py") }
  }

  /// What went wrong with a file; empty when nothing did.
  func errors(_ name: String) -> [String] {
    (["check"] + Self.libraries).compactMap { library in
      let path = folder.file("\(name).\(library).error")
      return (try? String(contentsOfFile: path, encoding: .utf8)).map { "\(library): \($0)" }
    }
  }

  /// What a library found in a file's inputs.
  func outputs(_ name: String, in library: String) throws -> [String: Tensor] {
    let file = try TensorFile.open(folder.file("\(name).\(library).safetensors"))
    return Dictionary(uniqueKeysWithValues: try file.tensors().map { ($0.key, $0.value) })
  }

  private struct Failed: Error { let what: String }
}

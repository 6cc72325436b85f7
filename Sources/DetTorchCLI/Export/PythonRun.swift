import DetBasics
import DetExport
import DetTensor
import Foundation

/// A file at work in another library, in a process of Python.
final class PythonRun {
  /// A library that reads the file.
  enum Library: String, CaseIterable {
    case onnxruntime, openvino, torchvision

    /// Those that read ONNX.
    static let ofONNX = [onnxruntime, openvino]

    /// The first version that takes what is written, for the cure.
    var oldest: String {
      switch self {
      case .onnxruntime: "1.12"
      case .openvino: "2022.3"
      case .torchvision: "0.15"
      }
    }
  }

  /// Which library, as its own package says.
  let version: String
  private let library: Library
  private let python: String
  private let started: Started
  private let graph: Graph

  private struct Input: Encodable {
    let name: String
    let shape: [Int]
    let kind: String
  }

  fileprivate struct Answer: Decodable {
    let version: String?
    let missing: String?
    let problem: String?
    let milliseconds: Double?
    let outputs: [String: Values]?
  }

  fileprivate struct Values: Decodable {
    let shape: [Int]
    let bytes: Data
  }

  /// The version of a library; nil where Python has none.
  ///
  /// - Throws: `FileError` when there is no Python, or when the library is there and does not load.
  static func version(of library: Library, python: String) throws -> String? {
    let started = try Started([library.rawValue], python: python)
    defer { started.finish() }
    let answer = try started.answer()
    if let problem = answer.problem {
      throw refusal(library, python, answer.version ?? "", problem)
    }
    return answer.missing == nil ? answer.version ?? "" : nil
  }

  /// Starts the library on a file.
  ///
  /// - Throws: `FileError` when there is no Python, or none with the library, or when the library refuses the file.
  init(_ library: Library, python: String, file: String, of graph: Graph, threads: Int) throws {
    self.library = library
    self.python = python
    self.graph = graph
    started = try Started([library.rawValue, file, "\(threads)"], python: python)
    let answer = try started.answer()
    version = answer.version ?? ""
    if let problem = answer.problem ?? answer.missing {
      throw Self.refusal(library, python, version, problem)
    }
    let inputs = graph.inputs.map { port in
      let type = graph.types[port.value]
      return Input(name: port.name, shape: type.shape, kind: type.dtype.numpy)
    }
    try started.input.write(contentsOf: Data((try JSON.text(inputs) + "\n").utf8))
  }

  /// The outputs for a batch, and how long they took.
  func callAsFunction(
    _ inputs: [String: Tensor]
  ) throws -> (outputs: [String: Tensor], milliseconds: Double) {
    var bytes = Data([1])
    for port in graph.inputs {
      guard let tensor = inputs[port.name] else {
        preconditionFailure("the file needs the input \(port.name)")
      }
      tensor.contiguous().withMutableBytes { bytes.append(contentsOf: $0) }
    }
    do { try started.input.write(contentsOf: bytes) } catch { throw ended() }
    guard let line = started.lines.next() else { throw ended() }
    let answer = try JSONDecoder().decode(Answer.self, from: line)
    if let problem = answer.problem {
      throw Self.refusal(library, python, version, problem)
    }
    guard let outputs = answer.outputs, let milliseconds = answer.milliseconds else {
      throw ended()
    }
    var tensors: [String: Tensor] = [:]
    for port in graph.outputs {
      guard let values = outputs[port.name] else { throw ended() }
      let dtype = graph.types[port.value].dtype
      let count = values.shape.reduce(dtype.size, *)
      guard values.bytes.count == count else { throw ended() }
      tensors[port.name] = values.bytes.withUnsafeBytes {
        Tensor.copying(bytes: $0, shape: values.shape, dtype: dtype)
      }
    }
    return (tensors, milliseconds)
  }

  /// Lets the process end.
  func finish() { started.finish() }

  private func ended() -> FileError {
    finish()
    return FileError(
      path: python,
      problem:
        "ended while \(library.rawValue) \(version) ran the file (status \(started.process.terminationStatus))",
      cure: "install a newer \(library.rawValue), or leave --verify out")
  }

  private static func refusal(
    _ library: Library, _ python: String, _ version: String, _ problem: String
  ) -> FileError {
    FileError(
      path: python, problem: "\(library.rawValue) \(version) does not run the file: \(problem)",
      cure:
        "install \(library.rawValue) \(library.oldest) or newer, name another Python by --python, or leave --verify out"
    )
  }
}

/// A process of Python that runs ``PythonScript``.
private final class Started {
  let process = Process()
  let input: FileHandle
  let lines: LineReader
  private let python: String

  init(_ words: [String], python: String) throws {
    self.python = python
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", PythonScript.text] + words
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    self.input = input.fileHandleForWriting
    lines = LineReader(output.fileHandleForReading)
  }

  /// What it says of itself.
  func answer() throws -> PythonRun.Answer {
    guard let line = lines.next() else {
      finish()
      throw FileError(
        path: python, problem: "does not run, so that nothing can be verified by it",
        cure: "install Python 3, name one by --python, or leave --verify out")
    }
    return try JSONDecoder().decode(PythonRun.Answer.self, from: line)
  }

  /// Lets it end.
  func finish() {
    try? input.close()
    process.waitUntilExit()
  }
}

/// Lines of a stream.
private final class LineReader {
  private let handle: FileHandle
  private var rest = Data()

  init(_ handle: FileHandle) { self.handle = handle }

  /// The next line, without its end; nil when there is no more.
  func next() -> Data? {
    while true {
      if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        defer { rest = Data(rest[(end + 1)...]) }
        return Data(rest[..<end])
      }
      let more = handle.availableData
      guard !more.isEmpty else { return nil }
      rest.append(more)
    }
  }
}

extension DType {
  /// numpy's word for what goes into a file.
  fileprivate var numpy: String {
    switch self {
    case .uint8: "|u1"
    case .float32: "<f4"
    case .int64: "<i8"
    case .float64, .float16, .bfloat16, .int32, .bool: preconditionFailure("no input is \(self)")
    }
  }
}

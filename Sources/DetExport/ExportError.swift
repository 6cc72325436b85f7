import DetBasics

/// Why a detector does not leave as a file.
package enum ExportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The target has nothing that does what the design does.
  case inexpressible(design: String, target: String, problem: String)
  /// A file of protobuf holds less than 2 GiB.
  case tooLarge(bytes: Int)
  /// The graph does not do what the detector does.
  case differs(String)
  /// The graph finds nearly the same, and its AP is further off than allowed.
  case accuracy(String, apart: Double, tolerance: Double)

  package var description: String {
    switch self {
    case .inexpressible(let design, let target, let problem):
      "\(design) cannot be written for \(target): \(problem); use --format onnx, which takes every design"
    case .tooLarge(let bytes):
      "the file would have \(bytes) bytes, and ONNX's format ends at 2 GiB; export with --precision float16, or a smaller design"
    case .differs(let what):
      "nothing was written, because what would be exported differs from the detector: \(what)"
    case .accuracy(let what, let apart, let tolerance):
      "nothing was written, because \(what): \(apart.fixed(5)) apart, and at most \(tolerance) is allowed; give a larger --tolerance if that is "
        + "near enough, or keep more digits (--precision float32)"
    }
  }
}

/// Why a detector does not leave as a file.
package enum ExportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Regions are chosen by suppression inside of the design.
  case needsSuppression(design: String)
  /// The target has nothing that does what the design does.
  case inexpressible(design: String, target: String, problem: String)
  /// A file of protobuf holds less than 2 GiB.
  case tooLarge(bytes: Int)
  /// The graph does not do what the detector does.
  case differs(String)

  package var description: String {
    switch self {
    case .needsSuppression(let design):
      "\(design) chooses its regions by suppression between its two stages, which cannot be left out; export it with "
        + "suppression, or a design with the head retinanet"
    case .inexpressible(let design, let target, let problem):
      "\(design) cannot be written for \(target): \(problem); use --format onnx, which takes every design"
    case .tooLarge(let bytes):
      "the file would have \(bytes) bytes, and ONNX's format ends at 2 GiB; export with --precision float16, or a smaller design"
    case .differs(let what):
      "nothing was written, because what would be exported differs from the detector: \(what)"
    }
  }
}

import DetBasics

/// Failures that are nobody's bug: a device that is missing, a file that is damaged, memory that ran out.
///
/// Shapes and element kinds that do not fit are the caller's bug and trap with libtorch's message instead.
public enum TensorError: Error, Equatable, Sendable, CustomStringConvertible {
  /// libtorch refused.
  case torch(doing: String, message: String)
  /// There was not enough memory.
  case outOfMemory(doing: String, message: String)
  /// The device is not on this machine.
  case noDevice(Device, available: [Device])
  /// A file of tensors that is damaged, or not one.
  case file(path: String, problem: String)

  /// One sentence: what was being done, what went wrong, what would be right.
  public var description: String {
    switch self {
    case .torch(let doing, let message): "\(doing): \(message)"
    case .outOfMemory(let doing, let message):
      "\(doing): out of memory (\(message)); use a smaller batch or input"
    case .noDevice(let device, let available):
      "\(device) is not on this machine; there is \(available.map(\.description).joined(separator: ", "))"
    case .file(let path, let problem): "\(path.oneLine): \(problem)"
    }
  }
}

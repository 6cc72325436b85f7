public import DetTensor

/// What became of the tensors of a checkpoint.
public struct LoadReport: Equatable, Sendable {
  /// Paths of the store that were filled.
  public var loaded: [String] = []
  /// Paths of the store that the checkpoint does not hold.
  public var missing: [String] = []
  /// Names of the checkpoint that the store has no place for.
  public var unused: [String] = []
  /// Paths whose shapes differ, with both shapes; they kept their values.
  public var differing: [String] = []

  /// Whether checkpoint and store match in every tensor.
  public var isComplete: Bool { missing.isEmpty && unused.isEmpty && differing.isEmpty }
}

extension ParameterStore {
  /// Everything registered, under its path, in order: what a checkpoint saves.
  public var state: [(name: String, tensor: Tensor)] {
    entries.map { ($0.name, $0.tensor.detached()) }
  }

  /// Copies tensors into the places of the same names; the report says what did not fit.
  @discardableResult
  public func load(_ tensors: [String: Tensor]) -> LoadReport {
    var report = LoadReport()
    withoutGradient {
      for entry in entries {
        guard let source = tensors[entry.name] else {
          report.missing.append(entry.name)
          continue
        }
        guard source.shape == entry.tensor.shape else {
          report.differing.append("\(entry.name): \(source.shape) for \(entry.tensor.shape)")
          continue
        }
        entry.tensor.copy_(source)
        report.loaded.append(entry.name)
      }
    }
    let names = Set(entries.map(\.name))
    report.unused = tensors.keys.filter { !names.contains($0) }.sorted()
    return report
  }
}

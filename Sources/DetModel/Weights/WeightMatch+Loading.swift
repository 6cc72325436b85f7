public import DetNN
public import DetTensor

extension WeightMatch {
  /// Matches the tensors of a store with those of a file; `body` is the path of the backbone in the store.
  package init(_ store: ParameterStore, _ file: TensorFile, body: String) {
    self = WeightMatcher.match(
      store.entries.map { WeightShape($0.name, $0.tensor.shape) },
      file: file.entries.map { WeightShape($0.name, $0.shape) }, body: body)
  }

  /// Reads the matched tensors and copies them into the store; the others keep their values.
  ///
  /// - Throws: `TensorError` when values are damaged or not floating point.
  public func load(_ file: TensorFile, into store: ParameterStore) throws {
    for pair in pairs {
      guard let target = store[pair.path], let entry = file[pair.source] else {
        preconditionFailure("\(pair) was matched in another store or file")
      }
      guard entry.dtype.isFloatingPoint else {
        throw TensorError.file(
          path: file.path,
          problem: "\"\(pair.source)\" is \(entry.dtype), but weights have fractions: float32, "
            + "float16, bfloat16 or float64")
      }
      guard let source = try file.tensor(pair.source) else { continue }
      withoutGradient { target.copy_(source) }
    }
  }
}

extension Detector {
  /// Makes loaded batch norms answer as they did where they added `epsilon` to variances, not `BatchNorm.epsilon`.
  package func correctVariances(epsilon: Double) {
    let difference = epsilon - BatchNorm.epsilon
    guard difference != 0 else { return }
    withoutGradient {
      for entry in store.entries where entry.name.hasSuffix(".running_var") {
        entry.tensor.copy_(entry.tensor + difference)
      }
    }
  }

  /// What a file of weights would fill: of a whole detector, or of a backbone under torchvision's names.
  public func match(_ file: TensorFile) -> WeightMatch {
    WeightMatch(store, file, body: CheckpointNames.body)
  }
}

extension ImageClassifier {
  /// What a file of weights would fill: of a classifier, or a detector's backbone.
  public func match(_ file: TensorFile) -> WeightMatch { WeightMatch(store, file, body: "") }
}

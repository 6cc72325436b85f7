public import DetModel
public import DetSpec
public import DetTensor

/// Weights that a training starts from: a whole detector's, or a backbone's under torchvision's names.
public enum PretrainedWeights {
  /// Copies what fits by name, shape and block, and reports what that was.
  ///
  /// A head for other classes keeps its random values. A file that fits no part of the backbone belongs to
  /// another architecture, which is an error.
  @discardableResult
  public static func load(_ path: String, into detector: Detector) throws -> WeightMatch {
    let file = try TensorFile.open(path)
    let match = detector.match(file)
    try check(match, file, against: detector.design.backbone.text)
    try match.load(file, into: detector.store)
    return match
  }

  /// Fails when the file fills no block of the backbone.
  public static func check(
    _ match: WeightMatch, _ file: TensorFile, against backbone: String
  ) throws {
    guard match.filledBlocks == 0 else { return }
    let names = file.entries.prefix(3).map { "\"\($0.name)\"" }.joined(separator: ", ")
    throw TrainingError.checkpoint(
      path: file.path,
      problem:
        "fits no block of \(backbone): of its \(file.entries.count) tensors (\(names) …) "
        + "\(match.leftOver.count) have other names or kinds of blocks, \(match.otherShape.count) other shapes; "
        + "name weights of the same kind of backbone")
  }
}

extension WeightMatch {
  /// The numbers that a trial reports.
  public var summary: WeightSummary {
    WeightSummary(
      matched: pairs.count, inheritedBlocks: inherited.count, missing: missing.count,
      otherShape: otherShape.count + heldBack.count, leftOver: leftOver.count)
  }
}

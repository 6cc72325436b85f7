import DetBasics
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
  public static func load(_ path: String, into detector: Detector) throws -> (
    match: WeightMatch, summary: WeightSummary
  ) {
    try load(TensorFile.open(path), into: detector)
  }

  /// Copies what fits of a file that is open, as one is loaded by its path.
  static func load(_ file: TensorFile, into detector: Detector) throws -> (
    match: WeightMatch, summary: WeightSummary
  ) {
    let match = detector.match(file)
    try check(match, file, against: detector.design.backbone.text)
    try match.load(file, into: detector.store)
    return (match, match.summary(of: file))
  }

  /// Fails when a file's content is not what it was when the search began; nil where that was not looked at.
  public static func check(_ path: String, is fingerprint: String?) throws {
    guard let fingerprint, try StableHash.hex(ofFile: path) != fingerprint else { return }
    throw TrainingError.checkpoint(
      path: path,
      problem:
        "is no longer the file that the search began with (\(fingerprint)); put it back, or start another run"
    )
  }

  /// Fails when the file fills no block of the backbone, and says whether its names or its shapes are the reason.
  public static func check(
    _ match: WeightMatch, _ file: TensorFile, against backbone: String
  ) throws {
    guard match.filledBlocks == 0 else { return }
    let names = file.entries.prefix(3).map { "\"\($0.name)\"" }.joined(separator: ", ")
    let reason: String
    if match.hasKnownNames {
      reason =
        "names of the model are there\(match.prefix.isEmpty ? "" : " behind \"\(match.prefix)\""), but no block of its kind and "
        + "widths: \(match.otherShape.count) tensors have other shapes; name weights of the same backbone"
    } else {
      reason =
        "none of its names (\(names) …), with or without what stands before them, is one of torchvision's, which the model has; "
        + "rename them, or name weights under torchvision's names"
    }
    throw TrainingError.checkpoint(
      path: file.path,
      problem: "fits no block of \(backbone), with \(file.entries.count) tensors: \(reason)")
  }
}

extension WeightMatch {
  /// What a trial reports of the weights it took from a file.
  public func summary(of file: TensorFile) -> WeightSummary {
    let origin = [file.place, prefix].filter { !$0.isEmpty }.map { "\"\($0)\"" }
    let others = file.otherPlaces + otherPrefixes
    return WeightSummary(
      matched: pairs.count, inheritedBlocks: inherited.count, missing: missing.count,
      otherShape: otherShape.count + heldBack.count, leftOver: leftOver.count,
      origin: origin.isEmpty ? nil : origin.joined(separator: ", "),
      alsoThere: others.isEmpty ? nil : others.map { "\"\($0)\"" })
  }
}

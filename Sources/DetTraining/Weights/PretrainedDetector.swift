import DetModel
import DetNN
import DetSpec
import DetTensor

/// A detector as a training starts: with random weights, or with those that the recipe names, of which some may stay.
struct PretrainedDetector {
  /// The detector.
  let detector: Detector
  /// What was taken from a file; nil from scratch.
  let summary: WeightSummary?

  /// Builds a detector and loads what the recipe names.
  ///
  /// What stays as loaded must have been loaded. Where the recipe leaves open what stays, that is only what the file fills: the
  /// first stage when it fills stem and stage, statistics when it fills all.
  ///
  /// - Throws: ``TrainingError`` when the recipe keeps what it does not load, or the file does not have.
  init(
    _ design: DetectorDesign, classes: Int, recipe: Recipe, seed: UInt64, device: Device,
    fingerprint: String?
  ) throws {
    func built(_ recipe: Recipe) throws -> Detector {
      try Detector(design, classes: classes, recipe: recipe, seed: seed, device: device)
    }
    guard let path = recipe.pretrained else {
      if let problem = recipe.needOfWeights { throw TrainingError.data("the recipe: \(problem)") }
      (detector, summary) = (try built(recipe), nil)
      return
    }
    try PretrainedWeights.check(path, is: fingerprint)
    let file = try TensorFile.open(path)
    let whole = try built(recipe)
    let (own, hasChanged) = try Self.adapted(
      recipe, to: whole.unfilled(by: whole.match(file)), path)
    detector = hasChanged ? try built(own) : whole
    var summary = try PretrainedWeights.load(file, into: detector).summary
    summary.frozen = own.freezingInWords(fromWeights: true)
    self.summary = summary
  }

  /// The recipe without what it would keep by default, but the file does not fill; fails for what it keeps by its own word.
  private static func adapted(
    _ recipe: Recipe, to unfilled: (stages: [String], norms: [String]), _ path: String
  ) throws -> (recipe: Recipe, hasChanged: Bool) {
    func expect(_ names: [String], _ key: String) throws {
      guard let first = names.first else { return }
      throw TrainingError.checkpoint(
        path: path,
        problem:
          "has nothing for \(names.count) tensors that \(key) keeps as loaded, the first of them "
          + "\(first); name weights that fill them, or take \(key) out of the recipe")
    }
    var own = recipe
    if recipe.frozenStages != nil {
      try expect(unfilled.stages, "frozenStages")
    } else if !unfilled.stages.isEmpty {
      own.frozenStages = 0
    }
    if recipe.norm == .frozenBatch {
      try expect(unfilled.norms, "norm \"frozenBatch\"")
    } else if recipe.fixedStatistics == true {
      try expect(unfilled.norms, "fixedStatistics")
    } else if recipe.fixesStatistics(fromWeights: true), !unfilled.norms.isEmpty {
      own.fixedStatistics = false
    }
    return (own, own != recipe)
  }
}

extension Detector {
  /// What a match does not fill: of frozen stages, and of batch norms.
  fileprivate func unfilled(by match: WeightMatch) -> (stages: [String], norms: [String]) {
    let filled = Set(match.pairs.map(\.path))
    func lacking(_ entries: [ParameterStore.Entry]) -> [String] {
      entries.map(\.name).filter { !filled.contains($0) }
    }
    return (lacking(store.frozen), lacking(store.entries.filter { !$0.isParameter }))
  }
}

/// What of a backbone stays as it was loaded.
///
/// As in the references: mmdetection freezes the stem and the first stage of pre-trained backbones (`frozen_stages=1`), as
/// detectron2 does (`FREEZE_AT = 2`), and the paper's code base keeps the statistics of batch norms (`norm_eval=True`), since
/// those of a detector's few images are worse.
extension Recipe {
  /// The leading stages that are frozen when training starts from weights, or when it does not.
  public func frozenStages(fromWeights: Bool) -> Int { frozenStages ?? (fromWeights ? 1 : 0) }

  /// Whether statistics of norms stay as loaded when training starts from weights, or when it does not.
  public func fixesStatistics(fromWeights: Bool) -> Bool {
    switch norm {
    case .batch: fixedStatistics ?? fromWeights
    case .frozenBatch: true
    case .group: false
    }
  }

  /// What stays as loaded, in words: `stem and stage 1 frozen, statistics of norms fixed`; nil when all is trained.
  public func freezingInWords(fromWeights: Bool) -> String? {
    var words: [String] = []
    switch frozenStages(fromWeights: fromWeights) {
    case 0: break
    case 1: words.append("stem and stage 1 frozen")
    case let stages: words.append("stem and stages 1 to \(stages) frozen")
    }
    switch norm {
    case .frozenBatch: words.append("norms fixed")
    case .batch, .group:
      if fixesStatistics(fromWeights: fromWeights) { words.append("statistics of norms fixed") }
    }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }

  /// Why the recipe trains nothing sensible from scratch, in words; nil when it does.
  public var needOfWeights: String? {
    let reason: String
    if norm == .frozenBatch {
      reason = "norm is \"frozenBatch\", which normalises by statistics that were loaded"
    } else if fixedStatistics == true {
      reason = "fixedStatistics keeps statistics that were loaded"
    } else if let frozenStages, frozenStages > 0 {
      reason = "frozenStages is \(frozenStages), which keeps weights that were loaded"
    } else {
      return nil
    }
    return "\(reason), but training starts from scratch; name weights, or take it out"
  }
}

import DetTensor

/// Regions with what they should become.
struct RegionTargets {
  let regions: Regions
  let columns: Tensor  // [R] int64: class + 1, or 0 for background
  let matches: Tensor  // [R] int64: number of a truth, or negative

  init(regions: Regions, matches: Tensor, truths: TruthBatch) {
    self.regions = regions
    self.matches = matches
    columns = truths.scoreColumns(of: matches)
  }
}

extension RegionTargets {
  /// The targets without regions that are neither objects nor background, for this step and those after it.
  func leavingNeitherOut(_ truths: TruthBatch) -> RegionTargets {
    let isKept = matches.atLeast(-1)
    let kept = isKept.to(.int64).split(sizes: regions.counts).map { $0.sum().integers()[0] }
    let rows = isKept.trueIndices()
    return RegionTargets(
      regions: Regions(boxes: regions.boxes.rows(at: rows), counts: kept),
      matches: matches.rows(at: rows), truths: truths)
  }
}

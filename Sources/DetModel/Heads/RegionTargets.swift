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

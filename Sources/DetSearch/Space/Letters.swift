/// A stage code seen as one row of blocks with three cuts between stages and some doublings.
struct Letters {
  /// Before which blocks a stage starts (the first stage's start left out), ascending.
  let cuts: [Int]
  /// Which blocks double, ascending.
  let doublings: [Int]
  /// The number of blocks.
  let depth: Int

  init(cuts: [Int], doublings: [Int], depth: Int) {
    self.cuts = cuts
    self.doublings = doublings
    self.depth = depth
  }

  init(stages: [[Bool]]) {
    var cuts: [Int] = []
    var doublings: [Int] = []
    var block = 0
    for (number, stage) in stages.enumerated() {
      if number > 0 { cuts.append(block) }
      for doubling in stage {
        if doubling { doublings.append(block) }
        block += 1
      }
    }
    self.init(cuts: cuts, doublings: doublings, depth: block)
  }

  var stages: [[Bool]] {
    let ends = cuts + [depth]
    var start = 0
    return ends.map { end in
      defer { start = end }
      return (start..<end).map { doublings.contains($0) }
    }
  }
}

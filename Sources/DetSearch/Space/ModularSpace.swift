import DetBasics
public import DetSpec

/// The designs of stage two around one pick: its block kind, input, levels, proposals and kind of head stay; stages, base
/// channels and pyramid channels vary, and the head's channels where the plan lists some.
///
/// Every backbone has exactly three "2" (SM-NAS), unless the plan allows other numbers. With n blocks there are C(n-1, 3) ways to part
/// them into four stages and C(n, 3) places for three "2"; so the space is counted, numbered and drawn from without listing it.
public struct ModularSpace: DesignSpace {
  /// The pick.
  public let pick: DetectorDesign
  /// The choices; channels ascend.
  public let parts: ModularParts
  /// Fewest and most blocks.
  public let blocks: ClosedRange<Int>
  let necks: [NeckSpec]
  /// The pick's head with each of the channels; alone where it stays as it is.
  let heads: [HeadSpec]
  private let recipe: Recipe
  /// Ranges of numbers by depth, shallowest first.
  public let strata: [Range<Int>]

  /// The space around a pick, whose designs a recipe trains; of it counts the head's width.
  public init(pick: DetectorDesign, parts: ModularParts, recipe: Recipe = .paper) {
    self.pick = pick
    self.parts = parts
    self.recipe = recipe
    blocks = parts.blocks(around: pick)
    if case .fpn(let finest, let coarsest, _) = pick.neck {
      necks = parts.fpnChannels.map { .fpn(finest: finest, coarsest: coarsest, channels: $0) }
      heads =
        parts.headChannels.isEmpty
        ? [pick.head] : parts.headChannels.map { pick.head.with(channels: $0, recipe: recipe) }
    } else {
      necks = [pick.neck]
      heads = [pick.head]
    }
    var start = 0
    var strata: [Range<Int>] = []
    for depth in blocks {
      let codes = Self.cuttings(depth) * parts.placings(depth)
      let count = codes * parts.base.count * necks.count * heads.count
      strata.append(start..<start + count)
      start += count
    }
    self.strata = strata
  }

  /// The ways to part so many blocks into stages.
  private static func cuttings(_ depth: Int) -> Int {
    Combinations.count(StageCode.stageCount - 1, of: depth - 1)
  }

  /// The exact number of designs.
  public var size: Int { strata.last?.upperBound ?? 0 }

  /// The design with a number.
  public func design(at index: Int) -> DetectorDesign {
    guard let place = strata.firstIndex(where: { $0.contains(index) }) else {
      preconditionFailure("the space has \(size) designs, none has the number \(index)")
    }
    let depth = blocks.lowerBound + place
    var rest = index - strata[place].lowerBound
    let head = take(&rest, heads.count)
    let neck = take(&rest, necks.count)
    let base = take(&rest, parts.base.count)
    let doublings = doublings(number: take(&rest, parts.placings(depth)), depth)
    let cuts = Combinations.places(number: rest, chosen: StageCode.stageCount - 1)
    let letters = Letters(cuts: cuts.map { $0 + 1 }, doublings: doublings, depth: depth)
    guard
      let design = design(base: parts.base[base], letters.stages, necks[neck], heads[head])
    else { preconditionFailure("design \(index) of the modular space is not valid") }
    return design
  }

  /// Which blocks double, by a number: with the fewest "2" first.
  private func doublings(number: Int, _ depth: Int) -> [Int] {
    var rest = number
    for chosen in parts.doublings {
      let count = Combinations.count(chosen, of: depth)
      if rest < count { return Combinations.places(number: rest, chosen: chosen) }
      rest -= count
    }
    preconditionFailure("\(depth) blocks have no doublings with the number \(number)")
  }

  private func take(_ rest: inout Int, _ count: Int) -> Int {
    defer { rest /= count }
    return rest % count
  }

  /// A design of the pick's kind; nil when its parts do not go together.
  func design(
    base: Int, _ stages: [[Bool]], _ neck: NeckSpec, _ head: HeadSpec
  ) -> DetectorDesign? {
    guard
      let code = try? StageCode(block: pick.backbone.block, base: base, doubles: stages)
    else { return nil }
    return try? DetectorDesign(
      input: pick.input, backbone: .coded(code), neck: neck, proposals: pick.proposals, head: head)
  }

  /// The number of a design; nil when it is not in the space.
  public func index(of design: DetectorDesign) -> Int? {
    guard case .coded(let code) = design.backbone, code.block == pick.backbone.block,
      design.input == pick.input, design.proposals == pick.proposals,
      let neck = necks.firstIndex(of: design.neck), let head = headPlace(of: design),
      let base = parts.base.firstIndex(of: code.base),
      code.doubles.count == StageCode.stageCount
    else { return nil }
    return number(base: base, Letters(stages: code.doubles), neck: neck, head: head)
  }

  /// Which of ``heads`` a design has, by the channels that are built: a number may be written or be the usual one; nil for another head.
  func headPlace(of design: DetectorDesign) -> Int? {
    guard design.head.isAlike(pick.head) else { return nil }
    guard case .fpn(_, _, let pyramid) = design.neck else { return 0 }
    let built = design.head.channels(behindPyramidOf: pyramid, recipe: recipe)
    return heads.firstIndex { $0.channels(behindPyramidOf: pyramid, recipe: recipe) == built }
  }

  /// The number of a row of blocks in four stages, at places in the lists of base channels, necks and heads; nil when it is not in the space.
  func number(base: Int, _ row: Letters, neck: Int, head: Int) -> Int? {
    guard blocks.contains(row.depth), parts.doublings.contains(row.doublings.count) else {
      return nil
    }
    let fewer = parts.doublings.prefix { $0 < row.doublings.count }
      .reduce(0) { $0 + Combinations.count($1, of: row.depth) }
    var number = Combinations.number(of: row.cuts.map { $0 - 1 })
    number = number * parts.placings(row.depth) + fewer + Combinations.number(of: row.doublings)
    number = (number * parts.base.count + base) * necks.count + neck
    number = number * heads.count + head
    return strata[row.depth - blocks.lowerBound].lowerBound + number
  }

  /// Blocks more or less, blocks and doublings that sit in other stages, steps of base, pyramid and head channels.
  public func distance(_ left: Int, _ right: Int) -> Double {
    var steps = abs(left % heads.count - right % heads.count)
    let (left, right) = (design(at: left), design(at: right))
    guard case .coded(let one) = left.backbone, case .coded(let other) = right.backbone else {
      return left == right ? 0 : 1
    }
    steps += abs(place(of: one.base) - place(of: other.base))
    steps += left.neck == right.neck ? 0 : 1
    for (mine, others) in zip(one.doubles, other.doubles) {
      steps += abs(mine.count - others.count)
      steps += abs(mine.count { $0 } - others.count { $0 })
    }
    return Double(steps)
  }

  private func place(of base: Int) -> Int { parts.base.firstIndex(of: base) ?? 0 }

  /// The pick's own backbone in this space: its stages as a code, at the nearest base, pyramid and head channels, blocks taken
  /// from or added to the longest stage until their number is allowed.
  public var origin: DetectorDesign? {
    let base = parts.base.min { abs($0 - pick.backbone.base) < abs($1 - pick.backbone.base) }
    guard let base, var stages = pickStages else { return nil }
    while stages.reduce(0, { $0 + $1.count }) > blocks.upperBound {
      guard let longest = stages.indices.max(by: { stages[$0].count < stages[$1].count }),
        let last = stages[longest].lastIndex(of: false), stages[longest].count > 1
      else { return nil }
      stages[longest].remove(at: last)
    }
    while stages.reduce(0, { $0 + $1.count }) < blocks.lowerBound {
      guard let longest = stages.indices.max(by: { stages[$0].count < stages[$1].count }) else {
        return nil
      }
      stages[longest].append(false)
    }
    let neck = necks.contains(pick.neck) ? pick.neck : necks.min(by: isNearerToPick) ?? necks[0]
    let head = heads.min { headGap($0, neck) < headGap($1, neck) } ?? pick.head
    return design(base: base, stages, neck, head).flatMap { index(of: $0) == nil ? nil : $0 }
  }

  private var pickStages: [[Bool]]? {
    switch pick.backbone {
    case .coded(let code): parts.doublings.contains(code.doublings) ? code.doubles : nil
    case .classic(let name, _):
      name.blocks.enumerated().map { stage, count in
        (0..<count).map { $0 == 0 && stage > 0 }
      }
    }
  }

  private func isNearerToPick(_ left: NeckSpec, _ right: NeckSpec) -> Bool {
    channelGap(left) < channelGap(right)
  }

  private func headGap(_ head: HeadSpec, _ neck: NeckSpec) -> Int {
    guard case .fpn(_, _, let pyramid) = neck, let wanted = pick.headChannels(recipe: recipe) else {
      return 0
    }
    return abs(head.channels(behindPyramidOf: pyramid, recipe: recipe) - wanted)
  }

  private func channelGap(_ neck: NeckSpec) -> Int {
    guard case .fpn(_, _, let channels) = neck, case .fpn(_, _, let wanted) = pick.neck else {
      return 0
    }
    return abs(channels - wanted)
  }
}

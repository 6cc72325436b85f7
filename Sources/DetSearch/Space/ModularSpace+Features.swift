import DetSpec

extension ModularSpace {
  /// Base channels, pyramid channels, head channels where the plan lists some, depth, length of each stage, where each "2" sits along the depth, and how often channels were
  /// doubled at the end of each stage; each between 0 and 1.
  public func features(of number: Int) -> [Double] {
    let design = design(at: number)
    guard case .coded(let code) = design.backbone else { return [] }
    let letters = Letters(stages: code.doubles)
    let deepest = Double(max(1, blocks.upperBound - 1))
    let places = letters.doublings.map { Double($0) / Double(max(1, code.depth - 1)) }
    // A "2" that is not there doubles nothing, as one behind the last block would.
    let absent = Array(repeating: 1.0, count: mostDoublings - places.count)
    var doublings = 0
    let widths = code.doubles.map { stage in
      doublings += stage.count { $0 }
      return Double(doublings) / Double(max(1, mostDoublings))
    }
    let channels =
      [
        Self.share(parts.base.firstIndex(of: code.base), parts.base.count),
        Self.share(necks.firstIndex(of: design.neck), necks.count),
      ] + (hasHeadFeature ? [Self.share(number % heads.count, heads.count)] : [])
    let depth = Double(code.depth - blocks.lowerBound) / Double(max(1, blocks.count - 1))
    return channels + [depth] + code.doubles.map { Double($0.count) / deepest }
      + places + absent + widths
  }

  /// Base, pyramid, head where it has a feature, depth, lengths, places, widths.
  public var featureGroups: [Range<Int>] {
    let stages = StageCode.stageCount
    let sizes = [1, 1, hasHeadFeature ? 1 : 0, 1, stages, mostDoublings, stages]
    var start = 0
    let groups = sizes.map { size in
      defer { start += size }
      return start..<start + size
    }
    return groups.filter { !$0.isEmpty }
  }

  /// By the plan alone, so that all picks of a plan have the same features, also one without a neck, whose head has no channels.
  private var hasHeadFeature: Bool { !parts.headChannels.isEmpty }

  private var mostDoublings: Int { parts.doublings.last ?? 0 }

  private static func share(_ place: Int?, _ count: Int) -> Double {
    Double(place ?? 0) / Double(max(1, count - 1))
  }
}

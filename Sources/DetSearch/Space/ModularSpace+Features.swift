import DetSpec

extension ModularSpace {
  /// Base channels, pyramid channels, depth, length of each stage, where each "2" sits along the depth, and how often channels were
  /// doubled at the end of each stage; each between 0 and 1.
  public func features(of number: Int) -> [Double] {
    let design = design(at: number)
    guard case .coded(let code) = design.backbone else { return [] }
    let letters = Letters(stages: code.doubles)
    let deepest = Double(max(1, blocks.upperBound - 1))
    var doublings = 0
    let widths = code.doubles.map { stage in
      doublings += stage.count { $0 }
      return Double(doublings) / Double(Self.doublings)
    }
    return [
      Self.share(parts.base.firstIndex(of: code.base), parts.base.count),
      Self.share(necks.firstIndex(of: design.neck), necks.count),
      Double(code.depth - blocks.lowerBound) / Double(max(1, blocks.count - 1)),
    ] + code.doubles.map { Double($0.count) / deepest }
      + letters.doublings.map { Double($0) / Double(max(1, code.depth - 1)) } + widths
  }

  /// Base, pyramid, depth, lengths, places, widths.
  public var featureGroups: [Range<Int>] { [0..<1, 1..<2, 2..<3, 3..<7, 7..<10, 10..<14] }

  private static func share(_ place: Int?, _ count: Int) -> Double {
    Double(place ?? 0) / Double(max(1, count - 1))
  }
}

import DetBasics

/// What makes a pyramid out of the backbone's levels: `none` (C4), or `fpn P1-P5 128`.
public enum NeckSpec: Hashable, Sendable, TextCodable {
  /// No neck: stride 16 features go on, the backbone's last stage works inside the head (Ren et al. 2015).
  case none
  /// A feature pyramid over a range of levels, all with the same number of channels (Lin et al. 2017).
  case fpn(finest: FeatureLevel, coarsest: FeatureLevel, channels: Int)

  /// The level of the backbone that goes on where there is no neck: stride 16.
  public static let levelWithoutNeck = FeatureLevel.p3
  /// The channels a pyramid can have.
  public static let channels = 8...1024

  /// The word that a neck's text begins with.
  private enum Word: String { case none, fpn }

  /// Reads `none` or `fpn P1-P5 128`.
  public init(text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    guard let word = words.first.flatMap(Word.init(rawValue:)) else { throw Self.unknown(text) }
    switch word {
    case .none:
      guard words.count == 1 else { throw Self.unknown(text) }
      self = .none
    case .fpn:
      let ends = words.count == 3 ? Self.ends(of: words[1]) : []
      guard ends.count == 2, let finest = ends[0], let coarsest = ends[1],
        let channels = decimal(words[2])
      else { throw Self.unknown(text) }
      self = .fpn(finest: finest, coarsest: coarsest, channels: channels)
    }
    try check()
  }

  private static func unknown(_ text: String) -> SpecError {
    .syntax(
      part: "neck", text: text,
      expected: "none, or fpn with levels and channels, as in fpn P1-P5 128 (levels P1 to P6)")
  }

  /// The two levels of `P1-P5`; nil for what is no level.
  private static func ends(of range: String) -> [FeatureLevel?] {
    range.split(separator: "-", omittingEmptySubsequences: false).map(FeatureLevel.init(name:))
  }

  /// Fails when the levels or the channels cannot be built.
  func check() throws {
    switch self {
    case .none: return
    case .fpn(let finest, let coarsest, let channels):
      try Self.check(finest, coarsest, channels: channels)
    }
  }

  private static func check(
    _ finest: FeatureLevel, _ coarsest: FeatureLevel, channels: Int
  ) throws {
    guard finest <= coarsest, finest.isFromBackbone else {
      throw SpecError.invalid(
        part: "neck levels", value: "\(finest.name)-\(coarsest.name)",
        reason: "they go from a level of the backbone (P1 to P4) to the same or a coarser one",
        cure: "use a range such as P1-P5")
    }
    guard Self.channels.contains(channels), channels.isMultiple(of: 8) else {
      throw SpecError.invalid(
        part: "neck channels", value: "\(channels)",
        reason:
          "they are a multiple of 8 from \(Self.channels.lowerBound) to \(Self.channels.upperBound)",
        cure: "use 128 or 256")
    }
  }

  /// The canonical text.
  public var text: String {
    switch self {
    case .none: word.rawValue
    case .fpn(let finest, let coarsest, let channels):
      "\(word.rawValue) \(finest.name)-\(coarsest.name) \(channels)"
    }
  }

  private var word: Word {
    switch self {
    case .none: .none
    case .fpn: .fpn
    }
  }

  /// The levels that proposals and heads see, finest first.
  public var levels: [FeatureLevel] {
    switch self {
    case .none: [Self.levelWithoutNeck]
    case .fpn(let finest, let coarsest, _):
      FeatureLevel.allCases.filter { (finest...coarsest).contains($0) }
    }
  }
}

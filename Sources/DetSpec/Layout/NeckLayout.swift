/// A neck as layers: which levels proposals and heads see, and how these come from the backbone's.
public enum NeckLayout: Hashable, Sendable {
  /// No neck: one level of the backbone goes on as it is.
  case passThrough(FeatureLevel, channels: Int)
  /// A feature pyramid.
  case pyramid(PyramidLayout)

  /// The neck of a design over its backbone; convolutions have biases, or norms where the recipe's norm is `group`.
  public init(
    _ design: DetectorDesign, over backbone: BackboneLayout, norm: Recipe.Norm = .batch
  ) {
    switch design.neck {
    case .none:
      let level = NeckSpec.levelWithoutNeck
      self = .passThrough(level, channels: backbone.channels(at: level))
    case .fpn(let finest, let coarsest, let channels):
      self = .pyramid(
        PyramidLayout(
          finest...coarsest, channels: channels,
          inputs: FeatureLevel.ofBackbone.map { backbone.channels(at: $0) },
          extra: Self.extraLevels(for: design.head), normalizes: norm.normalizesNeckAndHead))
    }
  }

  private static func extraLevels(for head: HeadSpec) -> PyramidLayout.ExtraLevels {
    switch head {
    case .rcnn, .cascade: .subsampled
    case .retinanet: .convolved
    }
  }

  /// The levels that come out, finest first.
  public var levels: [FeatureLevel] {
    switch self {
    case .passThrough(let level, _): [level]
    case .pyramid(let pyramid): pyramid.levels.map(\.level)
    }
  }

  /// The channels of each level that comes out.
  public var channels: Int {
    switch self {
    case .passThrough(_, let channels): channels
    case .pyramid(let pyramid): pyramid.channels
    }
  }

  /// The coarsest level of the backbone that goes in: what comes behind it is not built, or works inside the head.
  public var coarsestInput: FeatureLevel {
    switch self {
    case .passThrough(let level, _): level
    case .pyramid(let pyramid): min(pyramid.levels.last?.level ?? .p4, .p4)
    }
  }
}

/// Anchors of several sizes and shapes at every cell of every level (Ren et al. 2015; Lin et al. 2017).
///
/// ```swift
/// let anchors = AnchorLayout.pyramid([.p1, .p2], scale: 8, ratios: [0.5, 1, 2])
/// anchors.perCell  // 3
/// anchors.halves(at: .p1)[0]  // half a width of 23 pixels, half a height of 11
/// ```
public struct AnchorLayout: Hashable, Sendable {
  /// The levels that have anchors, finest first.
  public let levels: [FeatureLevel]
  /// Sides of square anchors, in strides of their level.
  public let scales: [Double]
  /// Height over width.
  public let ratios: [Double]

  /// Half the sides of an anchor, in whole pixels.
  public struct Halves: Hashable, Sendable {
    /// From the middle to the right.
    public let width: Double
    /// From the middle downwards.
    public let height: Double
  }

  /// Anchors of every scale in every ratio.
  public init(levels: [FeatureLevel], scales: [Double], ratios: [Double]) {
    self.levels = levels
    self.scales = scales
    self.ratios = ratios
  }

  /// Anchors at a cell.
  public var perCell: Int { scales.count * ratios.count }

  /// Half the sides of the anchors of a level's cell, ratio by ratio; rounded as torchvision rounds them, so that its
  /// weights see the anchors they were trained with.
  public func halves(at level: FeatureLevel) -> [Halves] {
    ratios.flatMap { ratio in
      let root = ratio.squareRoot()
      return scales.map { scale in
        let size = (scale * Double(level.stride)).rounded(.down)
        return Halves(
          width: (size / root / 2).rounded(.toNearestOrEven),
          height: (size * root / 2).rounded(.toNearestOrEven))
      }
    }
  }
}

extension AnchorLayout {
  /// Three sizes that divide an octave evenly: 2 to the powers of 0, 1/3 and 2/3.
  public static let octave = [1.0, 1.2599210498948732, 1.5874010519681994]

  /// Anchors of a region proposal network over a pyramid: one size a level.
  public static func pyramid(
    _ levels: [FeatureLevel], scale: Double, ratios: [Double]
  ) -> AnchorLayout {
    AnchorLayout(levels: levels, scales: [scale], ratios: ratios)
  }

  /// Anchors of a region proposal network over one level: five sizes, a quarter to four times the scale.
  public static func single(
    _ level: FeatureLevel, scale: Double, ratios: [Double]
  ) -> AnchorLayout {
    AnchorLayout(
      levels: [level], scales: [0.25, 0.5, 1, 2, 4].map { $0 * scale }, ratios: ratios)
  }

  /// Anchors of a dense head: three sizes an octave, from half the scale of a region proposal network
  /// (Lin et al. 2017, RetinaNet, section 4).
  public static func dense(
    _ levels: [FeatureLevel], scale: Double, ratios: [Double]
  ) -> AnchorLayout {
    AnchorLayout(levels: levels, scales: octave.map { $0 * scale / 2 }, ratios: ratios)
  }
}

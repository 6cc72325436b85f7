import DetData

extension AnchorRule {
  /// Anchors of levels of strides 4 to 128 as detectors have them, worked out on its own.
  static let plain = AnchorRule(usual: AnchorSettings(scale: 8, ratios: [0.5, 1, 2])) { settings in
    func levels(_ sizes: [Double]) -> [DetectorAnchors.Level] {
      [4, 8, 16, 32, 64, 128].map { stride in
        DetectorAnchors.Level(
          stride: stride,
          halves: settings.ratios.flatMap { ratio in
            sizes.map { size in
              let side = (size * settings.scale * Double(stride)).rounded(.down)
              let root = ratio.squareRoot()
              return .init(width: (side / root / 2).rounded(), height: (side * root / 2).rounded())
            }
          })
      }
    }
    return DetectorAnchors(
      settings: settings, proposals: levels([1]), dense: levels([0.5, 0.63, 0.7937]))
  }
}

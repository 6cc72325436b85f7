import DetData
import DetSpec

extension AnchorSettings {
  /// What a recipe says about anchors.
  init(_ settings: DetectionSettings) {
    self.init(scale: settings.anchorScale, ratios: settings.anchorRatios)
  }
}

extension AnchorRule {
  /// The anchors of this program's detectors, on every level that a design can have.
  static let detectors = AnchorRule(usual: AnchorSettings(Recipe.paper.detection)) { settings in
    let levels = FeatureLevel.allCases
    return DetectorAnchors(
      settings: settings,
      proposals: plain(.pyramid(levels, scale: settings.scale, ratios: settings.ratios)),
      dense: plain(.dense(levels, scale: settings.scale, ratios: settings.ratios)))
  }

  private static func plain(_ layout: AnchorLayout) -> [DetectorAnchors.Level] {
    layout.levels.map { level in
      DetectorAnchors.Level(
        stride: level.stride,
        halves: layout.halves(at: level).map { .init(width: $0.width, height: $0.height) })
    }
  }
}

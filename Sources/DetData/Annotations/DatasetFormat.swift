/// How a data set is written down.
public enum DatasetFormat: String, Sendable, Codable, CaseIterable {
  /// Pascal VOC: one XML file per image.
  case voc
  /// Scenes drawn on demand.
  case shapes
  /// Several data sets as one.
  case union
}

/// How a data set is written down.
public enum DatasetFormat: String, Sendable, Codable, CaseIterable {
  /// Pascal VOC: one XML file per image.
  case voc
  /// COCO: one JSON file for all images.
  case coco
  /// BDD100K: a JSON file for all images, or a folder with one per image.
  case bdd
  /// YOLO: one text file per image, boxes as shares of the image.
  case yolo
  /// ImageNet: a folder of images per class, for classification.
  case folders
  /// Scenes drawn on demand.
  case shapes
  /// Several data sets as one.
  case union
}

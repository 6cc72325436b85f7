/// Where a data set is and how to read it: the `train` and `validation` of a plan.
///
/// ```json
/// { "format": "voc", "annotations": "trees/train", "tiles": { "size": 160, "stride": 120 } }
/// { "format": "coco", "annotations": "instances_val2017.json", "images": "val2017" }
/// { "format": "shapes", "count": 200, "size": "128x128", "seed": 3, "classes": ["circle", "star"] }
/// { "format": "folders", "images": "imagenet/train", "classFile": "imagenet/synsets.txt" }
/// { "format": "folders", "images": "imagenet/val", "annotations": "LOC_val_solution.csv", "classFile": … }
/// { "format": "union", "parts": [ { "format": "voc", … }, { "format": "voc", … } ] }
/// ```
///
/// What a key means, and whether it means anything, is the format's: each reader declares its keys in a table.
public struct DatasetSource: Sendable, Hashable, Codable {
  /// A random part of the images, the same for the same seed.
  public struct Subset: Sendable, Hashable, Codable {
    /// How many images.
    public internal(set) var count: Int
    /// Which ones.
    public internal(set) var seed: UInt64

    /// `count` images chosen by `seed`.
    public init(count: Int, seed: UInt64 = 0) {
      self.count = count
      self.seed = seed
    }
  }

  /// How the data set is written down.
  public var format: DatasetFormat
  /// File or folder of annotations; of images in one folder for classification, the file of their labels.
  public var annotations: String?
  /// Folder of images; when absent, where the format usually has them.
  public var images: String?
  /// VOC: a text file with one image name per line (`ImageSets/Main/trainval.txt`).
  public var imageSet: String?
  /// The classes to keep, by name, in the order of their indices; absent: all.
  public var classes: [String]?
  /// A text file with such a class on every line, instead of ``classes``.
  public var classFile: String?
  /// VOC: the number of the first pixel, 1 as in the original, or 0 as many tools write.
  public var firstPixel: Int?
  /// VOC: difficult boxes are neither learnt from nor counted.
  public var ignoreDifficult: Bool?
  /// Images named in the annotations but not there are left out and listed, not an error.
  public var skipMissing: Bool?
  /// Cuts the images into tiles.
  public var tiles: Tiling?
  /// Takes one side of a division by images.
  public var split: Split?
  /// Takes a random part.
  public var subset: Subset?
  /// Shapes: how many scenes.
  public var count: Int?
  /// Shapes: size of a scene as "WIDTHxHEIGHT".
  public var size: String?
  /// Shapes: other seeds give other scenes.
  public var seed: UInt64?
  /// Union: the data sets to join.
  public var parts: [DatasetSource]?

  /// A source with everything else left at its default.
  public init(format: DatasetFormat, annotations: String? = nil, images: String? = nil) {
    self.format = format
    self.annotations = annotations
    self.images = images
  }

  /// Synthetic scenes.
  public static func shapes(
    count: Int, size: PixelSize, seed: UInt64 = 0, classes: [String]? = nil
  ) -> DatasetSource {
    var source = DatasetSource(format: .shapes)
    source.count = count
    source.size = size.description
    source.seed = seed
    source.classes = classes
    return source
  }
}

public import DetData
public import DetSpec

/// The description in a file of weights, in its safetensors metadata: enough to rebuild the detector.
public struct Checkpoint: WeightsDescription, Sendable, Hashable {
  /// The version of this description.
  public static let currentVersion = 1

  /// See ``currentVersion``.
  public var version = Checkpoint.currentVersion
  /// The design.
  public let design: DetectorDesign
  /// How it was trained; inference uses its normalisation and thresholds.
  public let recipe: Recipe
  /// The names of the classes, in the order of the detector's labels.
  public let classes: [String]
  /// The classes' ids in results files, in the same order.
  public let categoryIDs: [Int64]
  /// How images were cut into tiles; nil when they were taken whole. Inference cuts them likewise.
  public let tiles: Tiling?
  /// Epochs that the weights were trained for.
  public let epochs: Int
  /// The seed the training started from.
  public let seed: UInt64

  /// Describes weights.
  public init(
    design: DetectorDesign, recipe: Recipe, classes: [String], categoryIDs: [Int64],
    tiles: Tiling?, epochs: Int, seed: UInt64
  ) {
    self.design = design
    self.recipe = recipe
    self.classes = classes
    self.categoryIDs = categoryIDs
    self.tiles = tiles
    self.epochs = epochs
    self.seed = seed
  }

  /// The name under which the description stands in the metadata.
  public static let metadataKey = "smnas"
  /// What is described and who writes it.
  public static let subject = (model: "a detector", writer: "`smnas train` or a run")
}

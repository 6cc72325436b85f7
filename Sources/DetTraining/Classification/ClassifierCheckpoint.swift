public import DetSpec

/// The description in a file of a classifier's weights, in its safetensors metadata.
///
/// The tensors have torchvision's names, so that the file also serves as `pretrained` of a detector.
public struct ClassifierCheckpoint: WeightsDescription, Sendable, Hashable {
  /// The version of this description.
  public static let currentVersion = 1

  /// See ``currentVersion``.
  public var version = ClassifierCheckpoint.currentVersion
  /// The backbone.
  public let backbone: BackboneSpec
  /// How it was trained; the normalisation says how it is built.
  public let recipe: Recipe
  /// The size of its images.
  public let input: InputSize
  /// The names of the classes, in the order of the labels.
  public let classes: [String]
  /// Epochs that the weights were trained for.
  public let epochs: Int
  /// The seed the training started from.
  public let seed: UInt64

  /// The name under which the description stands in the metadata.
  public static let metadataKey = "smnas-classifier"
  /// What is described and who writes it.
  public static let subject = (model: "a classifier", writer: "`smnas pretrain`")
}

import DetBasics

/// Random changes of training images, drawn per image from the loader's seed, epoch and position.
public struct Augmentation: Sendable, Hashable {
  /// Probability of swapping left and right.
  public var flip: Double
  /// Probability of swapping top and bottom: for pictures from above.
  public var verticalFlip: Double
  /// Turns by 0, 90, 180 or 270 degrees, each as likely: for pictures from above.
  public var quarterTurns: Bool
  /// The image is resized to between `scaleLow` and `scaleHigh` times the size that fits the input; what
  /// is larger than the input is cut at a random place.
  public var scaleLow: Double
  /// See ``scaleLow``.
  public var scaleHigh: Double
  /// A random part is used, each side at least this share of the image's.
  public var crop: Double
  /// A box is an object when more than this share of its area survives cutting; what is left of another is ignored, neither
  /// object nor background.
  public var keep: Double
  /// Brightness is multiplied by 1 - b to 1 + b.
  public var brightness: Double
  /// Contrast is multiplied by 1 - c to 1 + c.
  public var contrast: Double
  /// Saturation is multiplied by 1 - s to 1 + s.
  public var saturation: Double
  /// Hue is turned by up to this share of the full circle either way.
  public var hue: Double
  /// Probability of putting four images around a random point into one.
  public var mosaic: Double

  /// Nothing but what is named.
  public init(
    flip: Double = 0, verticalFlip: Double = 0, quarterTurns: Bool = false,
    scale: ClosedRange<Double> = 1...1, crop: Double = 1, keep: Double = 0.5
  ) {
    self.flip = flip
    self.verticalFlip = verticalFlip
    self.quarterTurns = quarterTurns
    scaleLow = scale.lowerBound
    scaleHigh = scale.upperBound
    self.crop = crop
    self.keep = keep
    brightness = 0
    contrast = 0
    saturation = 0
    hue = 0
    mosaic = 0
  }

  /// Images as they are.
  public static let none = Augmentation()
  /// What most detectors are trained with: half of the images mirrored.
  public static let mirroring = Augmentation(flip: 0.5)
  /// The change of colour for one image.
  func colour(_ generator: inout Generator) -> ColourMatrix {
    guard brightness > 0 || contrast > 0 || saturation > 0 || hue > 0 else { return ColourMatrix() }
    func factor(_ amount: Double) -> Double { 1 + amount * (2 * generator.uniform() - 1) }
    return ColourMatrix.hue(factor(hue) - 1)
      .then(.saturation(factor(saturation)))
      .then(.contrast(factor(contrast)))
      .then(.brightness(factor(brightness)))
  }
}

import DetData
import DetModel
import DetSpec
import DetTensor

extension LoaderConfiguration {
  /// How a recipe's training batches are made: shuffled and full.
  static func training(_ recipe: Recipe, input: InputSize, seed: UInt64) -> LoaderConfiguration {
    var configuration = LoaderConfiguration.training(
      input: PixelSize(width: input.width, height: input.height), batchSize: recipe.batch,
      seed: seed, augmentation: Augmentation(recipe.augmentation))
    configuration.backgroundShare = recipe.backgroundShare
    configuration.groupsByAspect = recipe.groupsByAspect
    configuration.padding = recipe.groupsByAspect ? .toBatch : .toInput
    return configuration
  }

  /// Images one by one, in the order of the data set, as a detector in use sees them.
  static func single(_ input: InputSize) -> LoaderConfiguration {
    LoaderConfiguration(
      input: PixelSize(width: input.width, height: input.height), batchSize: 1)
  }
}

extension Augmentation {
  /// The augmentation that a recipe asks for.
  init(_ settings: AugmentationSettings) {
    self.init(
      flip: settings.horizontalFlip, verticalFlip: settings.verticalFlip,
      quarterTurns: settings.quarterTurns, scale: settings.scaleFrom...settings.scaleTo,
      crop: settings.crop)
    brightness = settings.colour
    contrast = settings.colour
    saturation = settings.colour
    mosaic = settings.mosaic
  }
}

extension Batch {
  /// The pixels as a tensor, [N, 3, H, W] float32.
  func tensor(on device: Device) throws -> Tensor { try whole.tensor(on: device) }

  /// The parts of the padded images that hold the images themselves.
  var imageSizes: [ImageSize] { whole.sizes }

  private var whole: BatchPart { BatchPart(batch: self, images: 0..<count) }
}

extension Batch.Image {
  /// The boxes to learn from, and those to ignore.
  var targets: ImageTargets {
    let objects = boxes.filter { !$0.isIgnored }
    return ImageTargets(
      boxes: objects.map(Box.init), labels: objects.map(\.category),
      ignored: boxes.filter(\.isIgnored).map(Box.init))
  }
}

extension Box {
  /// The corners of a labelled box.
  init(_ box: LabelledBox) {
    self.init(x0: Float(box.x0), y0: Float(box.y0), x1: Float(box.x1), y1: Float(box.y1))
  }
}

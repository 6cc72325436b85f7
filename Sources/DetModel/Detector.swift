public import DetBasics
public import DetNN
public import DetSpec
public import DetTensor

/// A whole detector: from images to losses while training, and to detections in use.
///
/// ```swift
/// let design = try DetectorDesign(text: "512x512 | resnet18 | fpn P1-P5 128 | rpn | rcnn")
/// let detector = try Detector(design, classes: 3, recipe: RecipePreset.small.recipe, seed: 7)
/// let found = detector.detect(images, sizes: [ImageSize(width: 512, height: 512)])  // best first
/// ```
///
/// Images are [N, 3, H, W], normalised, padded at the right and at the bottom.
public struct Detector {
  /// What was built.
  public let design: DetectorDesign
  /// The number of classes, background not counted.
  public let classes: Int
  /// How it was built: norms, numeric precision, anchors, samples and limits.
  public let recipe: Recipe
  /// Everything learnt; its `mode` decides how normalisations behave.
  public let store: ParameterStore
  let backbone: Backbone
  let neck: FeaturePyramid?
  let head: Head

  /// What works on the levels.
  enum Head {
    /// A head that says something about every cell.
    case dense(RetinaHead)
    /// A head over the regions that a network proposes.
    case regions(RegionHeads, of: any ProposalNetwork)
  }

  /// A head, for those who decode what its layers say themselves.
  package enum HeadLayers {
    /// One that says something about every cell.
    case dense(RetinaHead)
    /// One over the regions that a network proposes.
    case regions(RegionHeads, of: ProposalLayers)
  }

  /// What works on the levels.
  package var headLayers: HeadLayers {
    switch head {
    case .dense(let head): .dense(head)
    case .regions(let heads, let network): .regions(heads, of: network.kind)
    }
  }

  /// Builds the detector as the recipe says, with random weights that follow from the seed.
  public init(
    _ design: DetectorDesign, classes: Int, recipe: Recipe, seed: UInt64, device: Device = .cpu
  ) throws(ModelError) {
    try Self.check(design, classes: classes)
    self.design = design
    self.classes = classes
    self.recipe = recipe
    let layout = DetectorLayout(design, classes: classes, recipe: recipe)
    let layers = LayerSettings(recipe)
    store = ParameterStore(seed: seed, device: device)
    let trunk = store.root / "backbone"
    backbone = Backbone(
      trunk / "body", design.backbone, settings: layers, through: layout.neck.coarsestInput)
    switch layout.neck {
    case .passThrough: neck = nil
    case .pyramid(let pyramid):
      neck = FeaturePyramid(trunk / "fpn", pyramid, settings: layers)
    }
    head = Self.head(store.root, layout, backbone: design.backbone, recipe: recipe)
  }

  private static func check(_ design: DetectorDesign, classes: Int) throws(ModelError) {
    guard classes > 0 else { throw .classes(classes) }
    let input = design.input
    for level in design.neck.levels where level.stride > min(input.width, input.height) {
      throw .emptyLevel(level: level.name, stride: level.stride, input: input.text)
    }
  }

  /// The levels that proposals and heads see, [N, C, H, W], finest first; by the plan inside the store's `inferring`.
  public func features<Value: LayerValue>(_ images: Value) -> [Value] {
    let features = backbone(images.channelsLast())
    return neck.map { $0(features) } ?? Array(features.suffix(1))
  }

  /// The losses of a batch; samples are drawn from a copy of the generator.
  ///
  /// `sizes` are those of the images without padding; nil means that there is none. Where the images are a part of a
  /// larger batch, `firstImage` is the number of the first in it: they are sampled as in the whole. With a `team`, whose other
  /// ranks compute other parts at the same time, the losses and gradients of all ranks add up to those of all their images.
  public func losses(
    _ images: Tensor, sizes: [ImageSize]? = nil, truths: [ImageTargets], firstImage: Int = 0,
    team: any Team = Alone(), generator: Generator
  ) -> Losses {
    let extents = extents(of: images, sizes)
    precondition(
      truths.count == extents.count,
      "there are \(extents.count) images, but \(truths.count) truths")
    let batch = TruthBatch(
      truths, firstImage: firstImage, team: team, device: images.device)
    return Torch.autocasting(to: recipe.precision.dtype(on: images.device)) {
      losses(features(images), extents: extents, batch, generator: generator)
    }
  }

  private func losses(
    _ levels: [Tensor], extents: ImageExtents, _ batch: TruthBatch, generator: Generator
  ) -> Losses {
    switch head {
    case .dense(let head):
      return head.losses(head(levels), batch)
    case .regions(let heads, let network):
      var generator = generator
      let (own, regions) = network.training(
        levels, batch, extents: extents, using: &generator)
      var losses = own
      losses.add(
        heads.losses(levels, regions, batch, extents: extents, using: &generator))
      return losses
    }
  }

  /// The objects in each image, best first, in pixels of the images as given; with `load`, at a stated load.
  public func detect(
    _ images: Tensor, sizes: [ImageSize]? = nil, load: DetectionLoad? = nil
  ) -> [[Detection]] {
    let extents = extents(of: images, sizes)
    let selection = recipe.detection.selection.lowered(to: load?.scoreFloor)
    return store.inferring(in: recipe.precision.dtype(on: images.device)) {
      let levels = features(images)
      switch head {
      case .dense(let head):
        return head.detections(head(levels), extents: extents, selection).detections
      case .regions(let heads, let network):
        var regions = network.regions(levels, extents: extents)
        if let load { regions = regions.filled(to: load.proposals, extents: extents) }
        return heads.detections(levels, regions, extents: extents, selection).detections
      }
    }
  }

  func extents(of images: Tensor, _ sizes: [ImageSize]?) -> ImageExtents {
    let shape = images.shape
    precondition(
      shape.count == 4 && shape[1] == 3, "images are [N, 3, H, W], not \(shape)")
    let whole = ImageSize(width: shape[3], height: shape[2])
    let sizes = sizes ?? Array(repeating: whole, count: shape[0])
    precondition(
      shape[0] == sizes.count, "there are \(shape[0]) images, but \(sizes.count) sizes")
    return ImageExtents(sizes)
  }
}

public import DetBasics
public import DetNN
public import DetSpec
public import DetTensor

/// A whole detector: from images to losses while training, and to detections in use.
///
/// ```swift
/// let design = try DetectorDesign(text: "512x512 | resnet18 | fpn P1-P5 128 | rpn | rcnn")
/// let detector = try Detector(
///   design, classes: 3, options: DetectorOptions(recipe: RecipePreset.small.recipe), seed: 7)
/// let found = detector.detect(images, sizes: [ImageSize(width: 512, height: 512)])  // best first
/// ```
///
/// Images are [N, 3, H, W], normalised, padded at the right and at the bottom.
public struct Detector {
  /// What was built.
  public let design: DetectorDesign
  /// The number of classes, background not counted.
  public let classes: Int
  /// How it was built.
  public let options: DetectorOptions
  /// Everything learnt; its `mode` decides how normalisations behave.
  public let store: ParameterStore
  let backbone: Backbone
  let neck: FeaturePyramid?
  let stages: Stages

  /// What works on the pyramid: a dense head, or a proposal network and the heads of its regions.
  enum Stages {
    case one(RetinaHead)
    case two(any ProposalNetwork, RegionHeads)
  }

  /// Builds the detector with random weights that follow from the seed.
  public init(
    _ design: DetectorDesign, classes: Int, options: DetectorOptions, seed: UInt64,
    device: Device = .cpu
  ) throws(ModelError) {
    try Self.check(design, classes: classes)
    self.design = design
    self.classes = classes
    self.options = options
    store = ParameterStore(seed: seed, device: device)
    let trunk = store.root / "backbone"
    let coarsest = min(design.neck.levels.last ?? .p3, .p4)
    backbone = Backbone(
      trunk / "body", design.backbone, settings: options.layers, through: coarsest)
    neck = Self.neck(trunk / "fpn", design, inputs: backbone.channels, options: options)
    let channels = neck?.channels ?? backbone.channels(of: coarsest)
    stages = Self.stages(
      store.root, design, channels: channels, classes: classes, options: options)
  }

  /// Builds the detector as the recipe says.
  public init(
    _ design: DetectorDesign, classes: Int, recipe: Recipe, seed: UInt64, device: Device = .cpu
  ) throws(ModelError) {
    try self.init(
      design, classes: classes, options: DetectorOptions(recipe: recipe), seed: seed,
      device: device)
  }

  private static func check(_ design: DetectorDesign, classes: Int) throws(ModelError) {
    guard classes > 0 else { throw .classes(classes) }
    let input = design.input
    for level in design.neck.levels where level.stride > min(input.width, input.height) {
      throw .emptyLevel(level: level.name, stride: level.stride, input: input.text)
    }
  }

  private static func neck(
    _ scope: Scope, _ design: DetectorDesign, inputs: [Int], options: DetectorOptions
  ) -> FeaturePyramid? {
    guard case .fpn(let finest, let coarsest, let channels) = design.neck else { return nil }
    return FeaturePyramid(
      scope, inputs: inputs, range: finest...coarsest, channels: channels,
      extra: design.head == .retinanet ? .convolved : .subsampled, settings: options.layers)
  }

  private static func stages(
    _ root: Scope, _ design: DetectorDesign, channels: Int, classes: Int, options: DetectorOptions
  ) -> Stages {
    let settings = options.detection
    let strides = design.neck.levels.map(\.stride)
    if design.head == .retinanet {
      let anchors = AnchorGenerator.dense(
        strides: strides, scale: settings.anchorScale, ratios: settings.anchorRatios)
      return .one(
        RetinaHead(
          root / "head", channels: channels, classes: classes, anchors: anchors, options: options))
    }
    return .two(
      proposals(root / "rpn", design, channels: channels, settings: settings),
      heads(root, design, channels: channels, classes: classes, options: options))
  }

  private static func proposals(
    _ scope: Scope, _ design: DetectorDesign, channels: Int, settings: DetectionSettings
  ) -> any ProposalNetwork {
    let strides = design.neck.levels.map(\.stride)
    if design.proposals == .guidedAnchoring {
      return GuidedAnchoringNetwork(
        scope, channels: channels, strides: strides, settings: settings)
    }
    let anchors: AnchorGenerator =
      design.neck == .none
      ? .single(
        stride: strides[0], scale: settings.anchorScale, ratios: settings.anchorRatios)
      : .proposals(strides: strides, scale: settings.anchorScale, ratios: settings.anchorRatios)
    return RegionProposalNetwork(scope, channels: channels, anchors: anchors, settings: settings)
  }

  private static func heads(
    _ root: Scope, _ design: DetectorDesign, channels: Int, classes: Int, options: DetectorOptions
  ) -> RegionHeads {
    let scope = root / "roi_heads"
    let levels = design.neck.levels
    let sampling = HeadSampling(after: design.proposals, settings: options.detection)
    guard design.neck == .none else {
      return RegionHeads(
        scope, channels: channels, classes: classes, steps: design.head.steps,
        pooler: RegionPooler(levels: levels, bins: 7, options: options),
        settings: options.detection, sampling: sampling)
    }
    // 14 bins, which the last stage's stride halves to 7 (He et al. 2016).
    let stage = Backbone.lastStage(
      root / "backbone" / "body", design.backbone, settings: options.layers)
    return RegionHeads(
      scope, stage: stage, classes: classes,
      pooler: RegionPooler(levels: levels, bins: 14, options: options),
      settings: options.detection, sampling: sampling)
  }

  /// The levels that proposals and heads see, [N, C, H, W], finest first; by the plan inside the store's `inferring`.
  public func features(_ images: Tensor) -> [Tensor] {
    let features = backbone(images.channelsLast())
    return neck.map { $0(features) } ?? Array(features.suffix(1))
  }

  /// The losses of a batch; samples are drawn from a copy of the generator.
  ///
  /// `sizes` are those of the images without padding; nil means that there is none.
  public func losses(
    _ images: Tensor, sizes: [ImageSize]? = nil, truths: [ImageTargets], generator: Generator
  ) -> Losses {
    let extents = extents(of: images, sizes)
    precondition(
      truths.count == extents.count,
      "there are \(extents.count) images, but \(truths.count) truths")
    let batch = TruthBatch(truths, device: images.device)
    return Torch.autocasting(to: options.precision.dtype) {
      losses(features(images), extents: extents, batch, generator: generator)
    }
  }

  private func losses(
    _ levels: [Tensor], extents: ImageExtents, _ batch: TruthBatch, generator: Generator
  ) -> Losses {
    switch stages {
    case .one(let head):
      return head.losses(head(levels), batch)
    case .two(let network, let heads):
      var generator = generator
      let (own, regions) = network.training(
        levels, batch, extents: extents, using: &generator)
      var losses = own
      losses.add(
        heads.losses(levels, regions, batch, extents: extents, using: &generator))
      return losses
    }
  }

  /// The objects in each image, best first, in pixels of the images as given.
  public func detect(_ images: Tensor, sizes: [ImageSize]? = nil) -> [[Detection]] {
    let extents = extents(of: images, sizes)
    return store.inferring(in: options.precision.dtype) {
      let levels = features(images)
      switch stages {
      case .one(let head):
        return head.detections(head(levels), extents: extents).detections
      case .two(let network, let heads):
        let regions = network.regions(levels, extents: extents)
        return heads.detections(levels, regions, extents: extents).detections
      }
    }
  }

  private func extents(of images: Tensor, _ sizes: [ImageSize]?) -> ImageExtents {
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

extension ImageExtents {
  /// The sizes of the images of a batch.
  init(_ sizes: [ImageSize]) {
    self.init(heights: sizes.map { Double($0.height) }, widths: sizes.map { Double($0.width) })
  }
}

extension ScoredBoxes {
  /// As values, image by image.
  var detections: [[Detection]] {
    let corners = boxes.floats()
    let scores = scores.floats()
    let labels = labels?.integers() ?? []
    var next = 0
    return counts.map { count in
      defer { next += count }
      return (next..<next + count).map { index in
        let at = 4 * index
        let box = Box(
          x0: corners[at], y0: corners[at + 1], x1: corners[at + 2], y1: corners[at + 3])
        return Detection(box: box, label: labels[index], score: scores[index])
      }
    }
  }
}

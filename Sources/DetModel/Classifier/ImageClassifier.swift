public import DetNN
public import DetSpec
public import DetTensor

/// A backbone that says what an image shows as a whole: the mean over all cells, then one linear layer.
///
/// What detectors are pre-trained as. Names are torchvision's (`conv1.weight` … `fc.weight`; MobileNetV2 with
/// its last 1x1 convolution `features.18` and `classifier.1`), so that weights go both ways.
///
/// ```swift
/// let classifier = ImageClassifier(try BackboneSpec(text: "resnet18"), classes: 1000, seed: 7)
/// classifier(images).shape  // [N, 1000]
/// ```
public struct ImageClassifier {
  /// What was built.
  public let backbone: BackboneSpec
  /// The number of classes.
  public let classes: Int
  /// Everything learnt.
  public let store: ParameterStore
  let body: Backbone
  /// MobileNetV2's last convolution, which widens its features (Sandler et al. 2018, table 2).
  let last: ConvNorm?
  let linear: Linear

  /// Builds the classifier with random weights that follow from the seed.
  ///
  /// - Throws: ``ModelError/classes(_:)`` when there is no class.
  public init(
    _ backbone: BackboneSpec, classes: Int, settings: LayerSettings = LayerSettings(),
    seed: UInt64, device: Device = .cpu
  ) throws(ModelError) {
    guard classes > 0 else { throw .classes(classes) }
    self.backbone = backbone
    self.classes = classes
    store = ParameterStore(seed: seed, device: device)
    body = Backbone(store.root, backbone, settings: settings)
    let channels = body.channels(of: .p4)
    guard let convolution = BackboneLayout(backbone).classifierConvolution else {
      last = nil
      linear = Linear(store.root / "fc", inputs: channels, outputs: classes)
      return
    }
    last = ConvNorm(
      sequence: store.root / "features" / 18, convolution, settings, activation: .relu6)
    linear = Linear(
      store.root / "classifier" / 1, inputs: convolution.outChannels, outputs: classes,
      initializer: .normal(deviation: 0.01))
  }

  /// [N, 3, H, W], normalised → [N, classes] logits.
  public func callAsFunction(_ images: Tensor) -> Tensor {
    var x = body(images.channelsLast()).last ?? images
    if let last { x = last(x) }
    return linear(x.mean([2, 3]))
  }
}

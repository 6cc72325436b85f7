package import DetModel
import DetSpec
import DetTensor

/// A detector in the terms of torchvision's classes: what its `FasterRCNN` or `RetinaNet` is made with.
package struct TorchvisionSettings: Encodable {
  let head: String
  let backbone: String
  /// Of the backbone, the layers whose features are merged: 1 is stride 4.
  let layers: [Int]
  let channels: Int
  /// `pool`, `convolutions`, or nil for none.
  let extraLevels: String?
  let classes: [String]
  let width: Int
  let height: Int
  let anchorSizes: [[Int]]
  let anchorRatios: [Double]
  let headWidth: Int
  let proposals: Int
  let candidates: Int
  let scoreFloor: Double
  let suppressionIoU: Double
  let mostDetections: Int
  let alignsRegions: Bool

  /// - Throws: ``ExportError/inexpressible(design:target:problem:)`` for what torchvision has no classes for.
  package init(_ detector: Detector, classes: [String]) throws(ExportError) {
    let (design, recipe) = (detector.design, detector.recipe)
    func refused(_ problem: String) -> ExportError {
      .inexpressible(design: design.text, target: "torchvision", problem: problem)
    }
    backbone = try Self.backbone(design.backbone, refused)
    guard recipe.norm != .group, !recipe.weightStandardization else {
      throw refused("group norms and standardised weights are not among its ResNets' norms")
    }
    guard case .fpn(let finest, let coarsest, let channels) = design.neck else {
      throw refused("a detector without a pyramid has no class there")
    }
    let layout = DetectorLayout(design, classes: detector.classes, recipe: recipe)
    layers = FeatureLevel.ofBackbone.filter { $0 >= finest && $0 <= coarsest }.map(\.rawValue)
    self.channels = channels
    let anchors: AnchorLayout
    switch design.head {
    case .cascade: throw refused("a cascade has no class there")
    case .rcnn:
      guard case .rpn(let network)? = layout.proposals else {
        throw refused("guided anchoring has no class there")
      }
      guard coarsest <= .p5 else { throw refused("its pyramids pool one extra level at the most") }
      head = "FasterRCNN"
      headWidth = design.head.channels(behindPyramidOf: channels, recipe: recipe)
      extraLevels = coarsest == .p5 ? "pool" : nil
      anchors = network.anchors
      candidates = network.mostRegions * network.candidatesPerRegion
    case .retinanet(let own):
      guard own == nil else {
        throw refused("its RetinaNet's towers have as many channels as the pyramid")
      }
      guard coarsest != .p5, case .dense(let own) = layout.head else {
        throw refused("its pyramids have two levels made by convolution, or none")
      }
      head = "RetinaNet"
      headWidth = recipe.detection.headWidth
      extraLevels = coarsest == .p6 ? "convolutions" : nil
      anchors = own.anchors
      candidates = recipe.detection.selection.mostPerLevel
    }
    let settings = recipe.detection
    anchorSizes = anchors.levels.map { level in
      anchors.scales.map { Int($0 * Double(level.stride)) }
    }
    anchorRatios = anchors.ratios
    self.classes = classes
    (width, height) = (design.input.landscape.width, design.input.landscape.height)
    proposals = settings.testProposals
    scoreFloor = settings.scoreFloor
    suppressionIoU = settings.suppressionIoU
    mostDetections = settings.detectionsPerImage
    alignsRegions = settings.alignsRegions
  }

  private static func backbone(
    _ spec: BackboneSpec, _ refused: (String) -> ExportError
  ) throws(ExportError) -> String {
    guard case .classic(let name, let base) = spec, base == name.standardBase else {
      throw refused("of backbones it has the ResNets and ResNeXts of published widths")
    }
    switch name {
    case .resnet18: return "resnet18"
    case .resnet34: return "resnet34"
    case .resnet50: return "resnet50"
    case .resnet101: return "resnet101"
    case .resnext50: return "resnext50_32x4d"
    case .resnext101: return "resnext101_32x8d"
    case .mobilenetv2: throw refused("its detectors cut MobileNetV2 elsewhere")
    }
  }
}

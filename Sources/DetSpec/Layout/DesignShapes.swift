/// The shape of everything between the parts of a design, for one image at the padded input.
///
/// ```swift
/// let design = try DetectorDesign(text: "800x600 | resnet50 | fpn P1-P5 256 | rpn | rcnn")
/// DesignShapes(design).levels[0]  // P1: 256 channels, 152 x 200 cells of stride 4
/// ```
public struct DesignShapes: Hashable, Sendable {
  /// Height of the padded input in pixels.
  public let inputHeight: Int
  /// Width of the padded input in pixels.
  public let inputWidth: Int
  /// The levels the backbone puts out, P1 first, as far as the design uses them.
  public let backbone: [LevelShape]
  /// The levels that proposals and heads see, finest first: the neck's, or P3 of the backbone without a neck.
  public let levels: [LevelShape]
  /// The output of every block of the backbone, in order, as far as the design uses them.
  public let blocks: [LevelShape]

  /// The shapes of a design.
  public init(_ design: DetectorDesign) {
    let backbone = BackboneLayout(design.backbone)
    self.init(design.input, backbone, NeckLayout(design, over: backbone), withBlocks: true)
  }

  init(
    _ input: InputSize, _ layout: BackboneLayout, _ neck: NeckLayout, withBlocks: Bool
  ) {
    let (width, height) = input.padded
    inputHeight = height
    inputWidth = width
    let used = FeatureLevel.allCases.prefix(neck.coarsestInput.rawValue)
    func shape(_ level: FeatureLevel, _ channels: Int) -> LevelShape {
      LevelShape(
        level: level, channels: channels, height: level.cells(along: height),
        width: level.cells(along: width))
    }
    backbone = used.map { shape($0, layout.channels(at: $0)) }
    levels = neck.levels.map { shape($0, neck.channels) }
    let stages = withBlocks ? used : []
    blocks = stages.flatMap { level in
      layout.blocks(inStage: level.rawValue - 1).map { shape(level, $0.outChannels) }
    }
  }
}

/// What a detector costs, computed from its design alone: no network is built.
///
/// Counted are convolutions and linear layers, for one image at the padded input:
/// - `parameters`: weights, biases, and the scales and shifts of norms (those alone: `normParameters`), which are
///   counted also where a recipe freezes them; running statistics are not parameters.
/// - `macs`: multiply-accumulates, one for each weight that meets an input; padding counts as input, a bias does
///   not. Twice as many FLOPs. Norms, activations, pooling, sums, RoIAlign, and the sampling of deformable
///   convolutions are not counted.
/// - `activations`: elements that the layers write.
/// - `memoryAccessBytes`: bytes that the layers read and write at float32, each layer on its own: input, weights
///   and bias, output. Caches and fused layers move less.
///
/// Proposals are as many as the recipe keeps at test time, though suppression may leave fewer.
///
/// ```swift
/// let design = try DetectorDesign(text: "512x512 | basicblock 64 1-21-21-12 | fpn P2-P5 128 | rpn | rcnn")
/// DesignCost(design, classes: 80).parameters  // 16234180
/// ```
public struct DesignCost: Hashable, Sendable, Codable {
  /// All parameters.
  public let parameters: Int
  /// Those of them that are scales and shifts of norms.
  public let normParameters: Int
  /// Multiply-accumulates.
  public let macs: Int
  /// Elements written.
  public let activations: Int
  /// Bytes read and written.
  public let memoryAccessBytes: Int
  /// The parts in the order of the design's text; they add up to the whole.
  public let parts: [PartCost]

  /// One of the four parts that compute.
  public enum Part: String, CaseIterable, Hashable, Sendable, Codable {
    /// The backbone, as far as it runs on the whole image.
    case backbone
    /// The neck.
    case neck
    /// What proposes regions; nothing in a one-stage detector.
    case proposals
    /// The head; without a neck, the backbone's last stage is in it.
    case head
  }

  /// The cost of a design that tells `classes` classes apart (the background not among them), as a recipe builds it.
  public init(_ design: DetectorDesign, classes: Int, recipe: Recipe = .paper) {
    let layout = DetectorLayout(design, classes: classes, recipe: recipe)
    let shapes = DesignShapes(design.input, layout.backbone, layout.neck, withBlocks: false)
    let counter = PartCounter(layout: layout, shapes: shapes)
    self.init(
      parts: [counter.backbone(), counter.neck(), counter.proposals(), counter.head()])
  }

  private init(parts: [PartCost]) {
    parameters = parts.reduce(0) { $0 + $1.parameters }
    normParameters = parts.reduce(0) { $0 + $1.normParameters }
    macs = parts.reduce(0) { $0 + $1.macs }
    activations = parts.reduce(0) { $0 + $1.activations }
    memoryAccessBytes = parts.reduce(0) { $0 + $1.memoryAccessBytes }
    self.parts = parts
  }

  /// The cost of one part; zero when the design has no such part.
  public func part(_ part: Part) -> PartCost {
    parts.first { $0.name == part } ?? PartCost(part, CostCount())
  }
}

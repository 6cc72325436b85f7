/// A detector as layers: the one description that shapes, costs and networks are made from.
///
/// ```swift
/// let design = try DetectorDesign(text: "800x600 | resnet50 | fpn P1-P5 256 | rpn | cascade 3")
/// let layout = DetectorLayout(design, classes: 80)
/// layout.neck.channels  // 256
/// layout.proposals?.anchorsPerCell  // 3
/// ```
public struct DetectorLayout: Hashable, Sendable {
  /// The backbone, all four stages.
  public let backbone: BackboneLayout
  /// The neck.
  public let neck: NeckLayout
  /// What proposes regions; nil in front of a dense head.
  public let proposals: ProposalLayout?
  /// The head.
  public let head: HeadLayout

  /// The layers of a design that tells `classes` classes apart (the background not among them), as a recipe builds it.
  ///
  /// Of the recipe count the norm, the head's width where the design has none, anchors, and the regions kept in use.
  public init(_ design: DetectorDesign, classes: Int, recipe: Recipe = .paper) {
    backbone = BackboneLayout(design.backbone)
    neck = NeckLayout(design, over: backbone, norm: recipe.norm)
    proposals = ProposalLayout(design.proposals, behind: neck, settings: recipe.detection)
    head = HeadLayout(design.head, behind: neck, backbone, classes: classes, recipe: recipe)
  }
}

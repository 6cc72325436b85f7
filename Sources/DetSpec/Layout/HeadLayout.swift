/// A head as layers.
public enum HeadLayout: Hashable, Sendable {
  /// One over regions that a proposal network finds.
  case regions(RegionHeadLayout)
  /// One that says something about every cell.
  case dense(DenseHeadLayout)

  /// The head of a design behind its backbone and neck.
  public init(
    _ head: HeadSpec, behind neck: NeckLayout, _ backbone: BackboneLayout, classes: Int,
    recipe: Recipe
  ) {
    let channels = head.channels(behindPyramidOf: neck.channels, recipe: recipe)
    switch head {
    case .rcnn:
      self = .regions(
        RegionHeadLayout(
          behind: neck, backbone, steps: 1, isClassAgnostic: false, classes: classes,
          channels: channels))
    case .cascade(let steps, _):
      self = .regions(
        RegionHeadLayout(
          behind: neck, backbone, steps: steps, isClassAgnostic: true, classes: classes,
          channels: channels))
    case .retinanet:
      self = .dense(
        DenseHeadLayout(
          behind: neck, classes: classes, channels: channels, settings: recipe.detection,
          norm: recipe.norm))
    }
  }
}

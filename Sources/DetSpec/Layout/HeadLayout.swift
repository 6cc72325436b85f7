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
    let settings = recipe.detection
    switch head {
    case .rcnn:
      self = .regions(
        RegionHeadLayout(
          behind: neck, backbone, steps: 1, isClassAgnostic: false, classes: classes,
          settings: settings))
    case .cascade(let steps):
      self = .regions(
        RegionHeadLayout(
          behind: neck, backbone, steps: steps, isClassAgnostic: true, classes: classes,
          settings: settings))
    case .retinanet:
      self = .dense(
        DenseHeadLayout(behind: neck, classes: classes, settings: settings, norm: recipe.norm))
    }
  }
}

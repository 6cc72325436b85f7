/// What guided anchoring fixes whatever the recipe says (Wang et al. 2019).
public enum GuidedAnchoring {
  /// Groups of channels that the feature adaption deforms each on its own, as in the authors' release.
  public static let deformableGroups = 4
  /// Proposals kept per image: they are good, so that few suffice (section 4.1).
  public static let mostProposals = 300
}

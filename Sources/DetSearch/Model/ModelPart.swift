/// A part of a ``ModelSearch`` that can be left out, to see what it is worth.
public enum ModelPart: String, Sendable, Hashable, CaseIterable {
  /// First designs that are spread over cost; without it, random ones.
  case spreadStart
  /// A design's known costs say something of its other metrics.
  case knownCosts
  /// What each part of a design does by itself.
  case separateEffects
  /// What the parts of a design do together.
  case jointEffects
  /// How much each part matters is learnt; without it, all matter alike.
  case learning
  /// What is not known of a design counts in its favour; without it, the one that is expected to be best goes next.
  case uncertainty
  /// Designs under way count as if they had come out as expected.
  case trialsUnderWay
  /// In a large space, changes to the front's members and to the best candidates; without it, draws alone.
  case changes
}

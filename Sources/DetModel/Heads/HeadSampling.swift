import DetSpec

/// Which proposals a head learns from.
struct HeadSampling {
  /// Proposals drawn per image.
  let count: Int
  /// The overlap with a truth that any step asks for at least.
  let lowestIoU: Double

  /// After an RPN what the settings say; after guided anchoring, whose proposals are better, half as many and
  /// an overlap of 0.6 at least (Wang et al. 2019, section 3.5; numbers of the authors' release).
  init(after proposals: ProposalLayout, settings: DetectionSettings) {
    switch proposals {
    case .rpn:
      count = settings.headSamples
      lowestIoU = 0
    case .guidedAnchoring:
      count = max(1, settings.headSamples / 2)
      lowestIoU = 0.6
    }
  }
}

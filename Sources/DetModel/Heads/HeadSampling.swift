import DetSpec

/// Which proposals a head learns from, and how far they are expected from the truth.
struct HeadSampling {
  /// Proposals drawn per image.
  let count: Int
  /// The overlap with a truth that any step asks for at least.
  let lowestIoU: Double
  /// What the deviations of box deltas are multiplied by.
  let deviationShare: Double

  /// After an RPN what the settings say; after guided anchoring, whose proposals are better, half as many, an overlap of
  /// 0.6 at least and half the deviations (Wang et al. 2019, section 3.5; numbers of the authors' release, mmdetection's
  /// `ga_faster_r50_caffe_fpn_1x.py`).
  init(after proposals: ProposalLayout, settings: DetectionSettings) {
    switch proposals {
    case .rpn:
      count = settings.headSamples
      lowestIoU = 0
      deviationShare = 1
    case .guidedAnchoring:
      count = max(1, settings.headSamples / 2)
      lowestIoU = 0.6
      deviationShare = 0.5
    }
  }
}

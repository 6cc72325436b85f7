import DetNN
import DetSpec
import DetTensor
import Testing

@testable import DetModel

/// How many candidates suppression chooses from.
struct RegionProposalCandidatesTests {
  /// Counts of regions on a map where all anchors of the best cells overlap, and are suppressed.
  private func regions(candidatesPerRegion: Int) -> Int {
    var settings = Recipe.paper.detection
    settings.testProposals = 4
    let anchors = AnchorLayout(levels: [.p3], scales: [4, 4, 4, 4, 4, 4], ratios: [1])
    let layout = RegionProposalLayout(
      channels: 4, anchors: anchors, settings: settings, candidatesPerRegion: candidatesPerRegion)
    let store = ParameterStore(seed: 1)
    let network = RegionProposalNetwork(
      store.root / "rpn", layout, layers: LayerSettings(), settings: settings)
    withoutGradient { network.deltas.weight.fill_(0) }
    let extents = ImageExtents(heights: [320], widths: [320])
    return network.regions([Tensor.ones([1, 4, 20, 20])], extents: extents).counts[0]
  }

  @Test func moreCandidatesMakeUpForWhatIsSuppressed() {
    // Six equal anchors a cell, all scores of a kind alike: the four best are of few places.
    #expect(regions(candidatesPerRegion: 1) < 4)
    #expect(regions(candidatesPerRegion: 100) == 4)
  }

  @Test(arguments: [("fpn P1-P4 32", 1), ("none", 6)])
  func withoutANeckThereAreAsManyAsTheReferencesTake(neck: String, share: Int) throws {
    let design = try DetectorDesign(text: "512x512 | resnet50 | \(neck) | rpn | rcnn")
    guard case .rpn(let layout) = DetectorLayout(design, classes: 3).proposals else {
      Issue.record("there is an RPN")
      return
    }
    #expect(layout.candidatesPerRegion == share)
    #expect(layout.candidatesPerRegion * layout.mostRegions == 1000 * share)
  }
}

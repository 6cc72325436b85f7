import DetSpec
import Testing

@testable import DetSearch

/// What is said of a model that steps aside.
@Suite struct ModelShareTests {
  private func trials(_ origins: [Origin]) throws -> [Trial] {
    let design = try DetectorDesign(text: "128x128 | resnet18 | fpn P1-P4 64 | rpn | rcnn")
    return origins.enumerated().map { place, origin in
      Trial(
        suggestion: Suggestion(
          id: place + 1, stage: .structural, pick: nil, step: place, design: design,
          origin: origin), seed: 1, known: 0)
    }
  }

  @Test func whoChoseIsCountedAndSaid() throws {
    let plan = try Samples.plan("\"structural\": { \"trials\": 8, \"searcher\": \"model\" }")
    let begun = try trials([.start, .start, .random])
    #expect(ModelShare(of: begun, stage: .structural, in: plan) == nil)
    let alone = try #require(
      ModelShare(
        of: trials([.start, .predicted(parent: nil)]), stage: .structural, in: plan))
    #expect(alone.words == "the model chose 1 of 1 design")
    let both = try #require(
      ModelShare(
        of: trials([.start, .predicted(parent: 1), .mutation(parent: 1), .mutation(parent: 2)]),
        stage: .structural, in: plan))
    #expect((both.predicted, both.aside) == (1, 2))
    #expect(both.words.hasPrefix("the model chose 1 of 3 designs, and evolution the others"))
    #expect(ModelShare(of: begun, stage: .modular, in: plan) == nil)
    let evolution = try Samples.plan("\"structural\": { \"searcher\": \"evolution\" }")
    #expect(
      ModelShare(of: try trials([.mutation(parent: 1)]), stage: .structural, in: evolution) == nil)
  }
}

import DetBasics
import DetSearch
import DetSpec
import Testing

@Suite struct SpaceTests {
  @Test func thePapersStructuralSpaceHas1064Designs() throws {
    #expect(try StructuralSpace(StructuralParts()).size == 1064)
  }

  @Test func onlyCombinationsThatGoTogetherAreListed() throws {
    let plan = try Samples.structural(trials: 1, initial: 1)
    let space = try StructuralSpace(try #require(plan.structural).space)
    #expect(space.size == 16)
    let texts = Set((0..<space.size).map { space.design(at: $0).text })
    #expect(texts.count == 16)
    #expect(texts.contains("128x128 | resnet18 16 | none | rpn | rcnn"))
    #expect(!texts.contains { $0.contains("none | rpn | cascade") })
  }

  @Test func aSpaceWithoutAValidDesignSaysWhy() throws {
    var parts = StructuralParts()
    parts.proposals = [.rpn]
    parts.heads = [.retinanet()]
    let error = #expect(throws: SearchError.self) { try StructuralSpace(parts) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("the head retinanet takes none"))
  }

  @Test func aSpaceTooLargeToListIsRefused() throws {
    var parts = StructuralParts()
    parts.inputs = try (64..<4096).map { try InputSize(width: $0, height: 64) }
    parts.backbones = (8..<60).map { .classic(.resnet18, base: $0) }
    #expect(throws: SearchError.self) { try StructuralSpace(parts) }
  }

  @Test func numbersAndDesignsOfTheModularSpaceMatchOneToOne() throws {
    var parts = ModularParts()
    parts.blocks = 4...7
    parts.base = [16, 24, 32]
    let pick = try DetectorDesign(text: "256x256 | resnet18 16 | fpn P1-P5 32 | rpn | rcnn")
    let space = ModularSpace(pick: pick, parts: parts)
    // By depth: C(3,3)C(4,3) + C(4,3)C(5,3) + C(5,3)C(6,3) + C(6,3)C(7,3) = 4 + 40 + 200 + 700.
    #expect(space.size == 944 * 3 * 2)
    var seen = Set<DetectorDesign>()
    for number in 0..<space.size {
      let design = space.design(at: number)
      #expect(space.index(of: design) == number)
      seen.insert(design)
    }
    #expect(seen.count == space.size)
  }

  @Test(arguments: [[3], [2, 4], [0], [0, 1, 2, 3, 4, 5, 6]])
  func theModularSpaceIsAllCodesWithThePlansDoublings(_ doublings: [Int]) throws {
    var parts = ModularParts()
    parts.blocks = 4...6
    parts.base = [16]
    parts.doublings = doublings
    let pick = try DetectorDesign(text: "256x256 | resnet18 16 | none | rpn | rcnn")
    let space = ModularSpace(pick: pick, parts: parts)
    var byHand = Set<String>()
    for number in 0..<19_683 {  // the words of 9 letters out of 1, 2 and -
      let letters = word(number, length: 9)
      for length in 7...9 { byHand.insert(String(letters.prefix(length))) }
    }
    let valid = byHand.filter { isValid($0, doublings) }
    #expect(Set((0..<space.size).map { stages(space.design(at: $0)) }) == valid)
    for number in 0..<space.size {
      #expect(space.index(of: space.design(at: number)) == number)
      #expect(space.features(of: number).count == space.featureGroups.last?.upperBound)
    }
  }

  /// Changes reach all of a space whose backbones may double as often as they like, one change after another.
  @Test func changesReachEveryNumberOfDoublings() throws {
    var parts = ModularParts()
    (parts.blocks, parts.base, parts.doublings) = (4...5, [16, 24], [1, 2, 3, 4])
    let pick = try DetectorDesign(text: "256x256 | resnet18 16 | none | rpn | rcnn")
    let space = ModularSpace(pick: pick, parts: parts)
    var stream = Generator(seed: 4)
    var seen: Set<Int> = [0]
    var open = [0]
    while let parent = open.popLast() {
      while let child = space.mutation(of: parent, &stream, isFree: { !seen.contains($0) }) {
        seen.insert(child)
        open.append(child)
      }
    }
    #expect(seen.count == space.size)
  }

  private func word(_ number: Int, length: Int) -> String {
    var rest = number
    var letters = ""
    for _ in 0..<length {
      letters.append(["1", "2", "-"][rest % 3])
      rest /= 3
    }
    return letters
  }

  private func isValid(_ text: String, _ allowed: [Int]) -> Bool {
    let stages = text.split(separator: "-", omittingEmptySubsequences: false)
    let doublings = text.count { $0 == "2" }
    return stages.count == 4 && !stages.contains { $0.isEmpty } && allowed.contains(doublings)
      && (4...6).contains(text.count - 3)
  }

  private func stages(_ design: DetectorDesign) -> String {
    guard case .coded(let code) = design.backbone else { return "" }
    return code.stageText
  }

  @Test func thePapersModularSpaceIsCountedWithoutListing() throws {
    let pick = try DetectorDesign(text: "800x600 | resnet50 | fpn P1-P5 256 | rpn | cascade 3")
    var parts = ModularParts()
    parts.blocks = 5...15
    let space = ModularSpace(pick: pick, parts: parts)
    #expect(space.size == 3251424)
    #expect(
      space.origin?.text
        == "800x600 | bottleneck 64 111-2111-21111-211 | fpn P1-P5 256 | rpn | cascade 3")
  }

  @Test(arguments: [("resnet18", 27), ("resnet50", 27), ("resnet101", 33), ("resnext101", 33)])
  func unlessThePlanSaysItDepthReachesThePapersNetsAndThePicks(_ name: String, _ most: Int) throws {
    let pick = try DetectorDesign(text: "800x600 | \(name) | fpn P1-P5 256 | rpn | cascade 3")
    let space = ModularSpace(pick: pick, parts: ModularParts())
    #expect(space.blocks == 5...most)
    guard case .coded(let code)? = space.origin?.backbone else {
      Issue.record("\(name) is not in its own space")
      return
    }
    #expect(code.depth == pick.backbone.depth)
    // E3 of the paper: 27 blocks.
    let deepest = try DetectorDesign(
      text:
        "800x600 | \(code.block) 56 211-111111111-2111111-11112111 | fpn P1-P5 128 | rpn | cascade 3"
    )
    #expect(space.index(of: deepest).map(space.design) == deepest)
  }

  @Test func freeNumbersAreExactWhenNearlyAllAreTaken() {
    var taken = TakenNumbers()
    for number in 0..<100 where number != 37 && number != 80 { taken.insert(number) }
    #expect(taken.left(in: 0..<100) == 2)
    #expect(taken.free(rank: 0, in: 0..<100) == 37)
    #expect(taken.free(rank: 1, in: 0..<100) == 80)
    #expect(taken.left(in: 30..<40) == 1)
    #expect(taken.free(rank: 0, in: 50..<100) == 80)
  }
}

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
    expectChangesReachAll(of: space) { _, _ in }
  }

  /// Every word of stages, base, pyramid and head, whether written or not, is in the space once, or not at all.
  @Test(arguments: [
    ("rpn | rcnn", ["rcnn 32", "rcnn", "rcnn 512"], ["rcnn 8", "cascade 2 32"]),
    ("rpn | rcnn 40", ["rcnn 32", "rcnn", "rcnn 512"], ["rcnn 40"]),
    ("rpn | cascade 2", ["cascade 2 32", "cascade 2", "cascade 2 512"], ["cascade 3", "rcnn"]),
    // A pyramid of 32 channels has towers of 32 without a word.
    ("none | retinanet", ["retinanet 32", "retinanet 64", "retinanet 512"], ["retinanet 16"]),
  ])
  func theModularSpaceIsAllCodesWithThePlansHeads(
    _ rest: String, _ heads: [String], _ others: [String]
  ) throws {
    var parts = ModularParts()
    (parts.blocks, parts.base, parts.doublings) = (4...5, [16, 24], [1])
    (parts.fpnChannels, parts.headChannels) = ([32, 64], [32, 64, 512])
    var recipe = Recipe.paper
    recipe.detection.headWidth = 64
    let pick = try DetectorDesign(text: "256x256 | resnet18 16 | fpn P1-P4 256 | \(rest)")
    let space = ModularSpace(pick: pick, parts: parts, recipe: recipe)
    var words = Set<String>()
    for number in 0..<6561 {  // the words of 8 letters out of 1, 2 and -
      let letters = word(number, length: 8)
      for length in 7...8 { words.insert(String(letters.prefix(length))) }
    }
    let codes = words.filter { isValid($0, [1]) }
    func all(_ heads: [String]) throws -> [DetectorDesign] {
      try codes.flatMap { code in
        try [(16, 32), (16, 64), (24, 32), (24, 64)].flatMap { base, pyramid in
          try heads.map { head in
            try DetectorDesign(
              text: "256x256 | basicblock \(base) \(code) | fpn P1-P4 \(pyramid) "
                + "| \(pick.proposals.text) | \(head)")
          }
        }
      }
    }
    let byHand = try all(heads)
    #expect(Set(byHand).count == byHand.count && space.size == byHand.count)
    let designs = (0..<space.size).map(space.design)
    #expect(Set(designs) == Set(byHand))
    for (number, design) in designs.enumerated() {
      #expect(space.index(of: design) == number)
      let features = space.features(of: number)
      #expect(features.count == space.featureGroups.last?.upperBound)
      #expect(features[2] == Double(number % 3) / 2)
    }
    for other in try all(others) { #expect(space.index(of: other) == nil) }
  }

  /// The same network under both of its texts is one design of the space.
  @Test func channelsThatTheRecipeSaysAnywayHaveTheNumberOfTheUnwritten() throws {
    var parts = ModularParts()
    parts.headChannels = [512, 1024]
    let text = "256x256 | resnet18 48 | fpn P1-P4 128 | rpn | rcnn"
    let code = "256x256 | basicblock 48 11-21-21-21 | fpn P1-P4 128 | rpn | rcnn"
    for pick in [text, "\(text) 1024", "\(text) 512", "\(text) 640"] {
      let space = ModularSpace(pick: try DetectorDesign(text: pick), parts: parts)
      let number = try #require(try space.index(of: DetectorDesign(text: code)))
      #expect(try space.index(of: DetectorDesign(text: "\(code) 1024")) == number)
      #expect(space.design(at: number).text == code)
      #expect(try space.index(of: DetectorDesign(text: "\(code) 640")) == nil)
      #expect(
        space.origin?.text
          == (pick.hasSuffix("512") || pick.hasSuffix("640") ? "\(code) 512" : code))
    }
  }

  /// Where the plan lists no head channels, the pick's own stay, written or not, and nothing else is numbered.
  @Test(arguments: ["rpn | rcnn", "rpn | rcnn 512", "none | retinanet", "none | retinanet 64"])
  func withoutAListThePicksHeadStays(_ rest: String) throws {
    var parts = ModularParts()
    (parts.blocks, parts.fpnChannels) = (4...5, [64, 128])
    let pick = try DetectorDesign(text: "256x256 | resnet18 48 | fpn P1-P4 128 | \(rest)")
    let space = ModularSpace(pick: pick, parts: parts)
    #expect(space.size == (4 + 40) * 4 * 2)
    for number in 0..<space.size {
      let design = space.design(at: number)
      #expect(space.index(of: design) == number)
      let pyramid = number % 2 == 0 ? 64 : 128
      let follows = rest.hasSuffix("retinanet")
      #expect(design.headChannels() == (follows ? pyramid : pick.headChannels()))
    }
    #expect(space.featureGroups.last?.upperBound == 14)
  }

  /// A head that is the backbone's last stage has no channels; the model's features stay those of the plan's other picks.
  @Test func withoutANeckHeadChannelsAreLeftOut() throws {
    var parts = ModularParts()
    parts.headChannels = [256, 512]
    let pick = try DetectorDesign(text: "256x256 | resnet18 48 | none | rpn | rcnn")
    let other = try DetectorDesign(text: "256x256 | resnet18 48 | fpn P1-P4 128 | rpn | rcnn")
    let space = ModularSpace(pick: pick, parts: parts)
    #expect(space.size == ModularSpace(pick: pick, parts: ModularParts()).size)
    #expect(space.featureGroups == ModularSpace(pick: other, parts: parts).featureGroups)
    #expect(space.design(at: 99).head == .rcnn())
  }

  /// Changes reach all of a space, head channels too; each takes one step at the most.
  @Test func changesReachEveryHead() throws {
    var parts = ModularParts()
    (parts.blocks, parts.base, parts.doublings) = (4...5, [16], [1, 2])
    (parts.fpnChannels, parts.headChannels) = ([32], [64, 128, 256])
    let pick = try DetectorDesign(text: "256x256 | resnet18 16 | fpn P1-P4 32 | rpn | rcnn 128")
    let space = ModularSpace(pick: pick, parts: parts)
    expectChangesReachAll(of: space) { parent, child in
      #expect(abs(child % 3 - parent % 3) <= 1)
    }
    #expect(space.distance(0, 2) == 2 && space.distance(1, 1) == 0)
  }

  /// Those one change away are the designs whose words differ by a "1" more or less, by a "2" or "-" that sits one or two places away, by a
  /// "2" for a "1", or by a step of channels.
  @Test(arguments: [[1], [1, 2]])
  func neighboursAreOneChangeAway(doublings: [Int]) throws {
    var parts = ModularParts()
    (parts.blocks, parts.base, parts.doublings) = (4...5, [16, 24, 32], doublings)
    (parts.fpnChannels, parts.headChannels) = ([32, 64], [64, 128])
    let pick = try DetectorDesign(text: "256x256 | resnet18 16 | fpn P1-P4 32 | rpn | rcnn 128")
    let space = ModularSpace(pick: pick, parts: parts)
    let words = (0..<space.size).map { Array(stages(space.design(at: $0))) }
    func channels(_ number: Int) throws -> [Int] {
      let design = space.design(at: number)
      guard case .coded(let code) = design.backbone, case .fpn(_, _, let pyramid) = design.neck
      else { throw SpecError.invalid(part: "", value: "", reason: "", cure: "") }
      return [
        (code.base - 16) / 8, pyramid == 32 ? 0 : 1, design.headChannels() == 64 ? 0 : 1,
      ]
    }
    func areNear(_ a: [Character], _ b: [Character]) -> Bool {
      let (short, long) = a.count < b.count ? (a, b) : (b, a)
      if long.count == short.count + 1 {
        return long.indices.contains { place in
          var rest = long
          return rest.remove(at: place) == "1" && rest == short
        }
      }
      guard a.count == b.count else { return false }
      let differ = a.indices.filter { a[$0] != b[$0] }
      if differ.count == 1 {
        return doublings.count > 1 && Set([a[differ[0]], b[differ[0]]]) == ["1", "2"]
      }
      return differ.count == 2 && differ[1] - differ[0] <= 2
        && a[differ[0]] == b[differ[1]] && a[differ[1]] == b[differ[0]]
    }
    let all = try (0..<space.size).map(channels)
    for number in Swift.stride(from: 0, to: space.size, by: 7) {
      let wanted = (0..<space.size).filter { other in
        let steps = zip(all[number], all[other]).map { abs($0 - $1) }.reduce(0, +)
        let isSame = words[number] == words[other]
        return isSame ? steps == 1 : steps == 0 && areNear(words[number], words[other])
      }
      #expect(space.neighbours(of: number) == wanted)
    }
  }

  @Test func neighboursOfAStructuralDesignAreWhereMutationLeads() throws {
    let space = try StructuralSpace(StructuralParts())
    for number in Swift.stride(from: 0, to: space.size, by: space.size / 12) {
      let near = space.neighbours(of: number)
      var reached = Set<Int>()
      var stream = Generator(seed: 9)
      while let child = space.mutation(
        of: number, &stream, isFree: { $0 != number && !reached.contains($0) })
      {
        reached.insert(child)
      }
      #expect(near == reached.sorted() && near.count > 5)
    }
  }

  /// RetinaNet's towers of as many channels as the pyramid has are the same design whether written or not.
  @Test func headsThatAreOneDesignBehindANeckAreOneInTheStructuralSpace() throws {
    var parts = StructuralParts()
    parts.inputs = [try InputSize(width: 512, height: 512)]
    parts.backbones = [.classic(.resnet18, base: 64)]
    parts.necks = try [NeckSpec(text: "fpn P2-P5 128"), NeckSpec(text: "fpn P2-P5 256")]
    parts.proposals = [.none]
    parts.heads = [.retinanet(), .retinanet(channels: 128)]
    let space = try StructuralSpace(parts)
    #expect(space.size == 3)
    for number in 0..<space.size {
      #expect(space.index(of: space.design(at: number)) == number)
      var stream = Generator(seed: 1)
      let child = space.mutation(of: number, &stream, isFree: { $0 != number })
      #expect(child != nil && child != number)
    }
  }

  /// One change after another leads from the first design to all others; `look` sees each.
  private func expectChangesReachAll(
    of space: ModularSpace, _ look: (_ parent: Int, _ child: Int) -> Void
  ) {
    var stream = Generator(seed: 4)
    var seen: Set<Int> = [0]
    var open = [0]
    while let parent = open.popLast() {
      while let child = space.mutation(of: parent, &stream, isFree: { !seen.contains($0) }) {
        look(parent, child)
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

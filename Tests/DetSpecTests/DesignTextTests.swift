import DetBasics
import DetSpec
import Testing

@Suite struct DesignTextTests {
  @Test(arguments: [
    "800x600 | basicblock 56 12-11111-211-1112 | fpn P1-P5 128 | rpn | cascade 3",
    "1333x800 | resnet50 | fpn P1-P5 256 | rpn | rcnn",
    "1333x800 | resnet50 | fpn P2-P6 256 | none | retinanet",
    "800x600 | resnet101 | none | rpn | rcnn",
    "1080x720 | resnext101 | fpn P1-P6 256 | ga-rpn | cascade 4",
    "64x4096 | resnet18 24 | fpn P4-P4 8 | ga-rpn | cascade 2",
    "512x512 | resnet34 | fpn P3-P6 1024 | rpn | rcnn",
    "512x512 | resnext50 512 | none | ga-rpn | rcnn",
    "512x512 | mobilenetv2 | fpn P1-P3 64 | none | retinanet",
    "512x512 | mobilenetv2 8 | none | rpn | rcnn",
    "512x512 | bottleneck 64 111-2111-211111-211 | none | rpn | rcnn",
    "512x512 | xbottleneck 56 21-21-111111111111111-2111111 | fpn P1-P5 256 | rpn | rcnn",
    "512x512 | mbblock 512 222-2-2-2 | fpn P1-P5 256 | rpn | rcnn",
    "512x512 | resnet18 | fpn P1-P5 256 | rpn | rcnn 512",
    "512x512 | resnet18 | fpn P1-P5 256 | ga-rpn | cascade 3 8",
    "512x512 | resnet18 | fpn P1-P5 256 | rpn | rcnn 1024",
    "512x512 | resnet18 | fpn P1-P5 256 | none | retinanet 4096",
  ])
  func designsPrintAsTheyRead(text: String) throws {
    let design = try DetectorDesign(text: text)
    #expect(design.text == text)
    #expect("\(design)" == text)
    #expect(try DetectorDesign(text: design.text) == design)
  }

  @Test(arguments: [
    " 800x600|resnet50|fpn  P1-P5\t256|rpn|rcnn\n",
    "800x600 | resnet50 64 | fpn P1-P5 256 | rpn | rcnn",
  ])
  func spacesAndStandardBasesAreLeftOutOfTheCanonicalText(text: String) throws {
    #expect(
      try DetectorDesign(text: text).text == "800x600 | resnet50 | fpn P1-P5 256 | rpn | rcnn")
  }

  /// What a recipe says is not known to a design, so that only channels that follow from the design itself are left out.
  @Test func towersThatFollowThePyramidAreLeftOutOfTheCanonicalText() throws {
    let plain = "512x512 | resnet18 | fpn P2-P6 128 | none | retinanet"
    let written = try DetectorDesign(text: "\(plain) 128")
    #expect(try written == DetectorDesign(text: plain))
    #expect(written.text == plain && written.head == .retinanet())
    #expect(try DetectorDesign(text: "\(plain) 64").head == .retinanet(channels: 64))
  }

  @Test(arguments: [
    ("fpn P1-P4 128 | rpn | rcnn", 1024), ("fpn P1-P4 128 | rpn | cascade 2", 1024),
    ("fpn P1-P4 128 | rpn | rcnn 512", 512), ("fpn P1-P4 128 | rpn | cascade 2 256", 256),
    ("fpn P1-P4 128 | none | retinanet", 128), ("fpn P1-P4 128 | none | retinanet 64", 64),
    ("none | rpn | rcnn", nil),
  ])
  func headChannelsAreThoseWrittenOrElseTheUsual(_ rest: String, _ channels: Int?) throws {
    let design = try DetectorDesign(text: "512x512 | resnet18 | \(rest)")
    #expect(design.headChannels() == channels)
    var recipe = Recipe.paper
    recipe.detection.headWidth = 96
    #expect(design.headChannels(recipe: recipe) == (channels == 1024 ? 96 : channels))
  }

  @Test func partsReadIntoTheirValues() throws {
    let design = try DetectorDesign(
      text: "800x600 | basicblock 56 12-1-211-1112 | fpn P2-P5 128 | ga-rpn | cascade 3")
    #expect(design.input == (try InputSize(width: 800, height: 600)))
    #expect(design.input.padded == (800, 608))
    let code = try StageCode(
      block: .basicblock, base: 56,
      doubles: [[false, true], [false], [true, false, false], [false, false, false, true]])
    #expect(design.backbone == .coded(code))
    #expect(code.widths == [[56, 112], [112], [224, 224, 224], [224, 224, 224, 448]])
    #expect(code.depth == 10)
    #expect(code.doublings == 3)
    #expect(design.neck == .fpn(finest: .p2, coarsest: .p5, channels: 128))
    #expect(design.neck.levels.map(\.stride) == [8, 16, 32, 64])
    #expect(design.proposals == .guidedAnchoring)
    #expect(design.head == .cascade(steps: 3))
  }

  @Test func everyClassicKnowsItsBlockAndBase() throws {
    for name in ClassicBackbone.allCases {
      let backbone = try BackboneSpec(text: name.rawValue)
      #expect(backbone == .classic(name, base: name == .mobilenetv2 ? 32 : 64))
      #expect(backbone.block == name.block)
      #expect(backbone.base == name.standardBase)
      #expect(backbone.text == name.rawValue)
    }
  }

  @Test func identityIsTheSameInEveryRun() throws {
    let one = try DetectorDesign(text: "800x600 | resnet50 | fpn P1-P5 256 | rpn | rcnn")
    let same = try DetectorDesign(text: "800x600|resnet50 64|fpn P1-P5 256|rpn|rcnn")
    let other = try DetectorDesign(text: "800x600 | resnet50 | fpn P1-P5 256 | rpn | cascade 2")
    #expect(one.identity == same.identity)
    #expect(one.identity != other.identity)
    #expect(one.identity == StableHash.hex(of: one.text))
  }

  @Test func designsAreTheirTextInJSON() throws {
    let text = "800x600 | resnet50 | fpn P1-P5 256 | ga-rpn | rcnn"
    let json = "[\"\(text)\"]"
    let designs = try JSON.decode([DetectorDesign].self, from: json, source: "designs")
    #expect(designs.map(\.text) == [text])
    #expect(try JSON.text(designs) == json)
  }

  @Test func partsAreTheirTextInJSON() throws {
    try expect(InputSize.self, ["64x64", "1333x800"])
    try expect(BackboneSpec.self, ["resnet18", "resnet18 24", "mbblock 32 1-2-2-1"])
    try expect(StageCode.self, ["basicblock 32 1-2-2-1"])
    try expect(NeckSpec.self, ["none", "fpn P1-P5 64"])
    try expect(ProposalSpec.self, ["none", "rpn", "ga-rpn"])
    try expect(
      HeadSpec.self, ["rcnn", "cascade 2", "retinanet", "rcnn 512", "cascade 2 64", "retinanet 8"])
  }

  private func expect<Part: TextCodable>(_ type: Part.Type, _ texts: [String]) throws {
    let json = try JSON.text(texts)
    let parts = try JSON.decode([Part].self, from: json, source: "plan")
    #expect(parts.map(\.text) == texts)
    #expect(try JSON.text(parts) == json)
  }

  @Test(arguments: [
    (
      "[\"ga-rnp\"]",
      "plan:1:2: [0]: proposals is \"ga-rnp\"; expected one of none, rpn, ga-rpn; did you mean \"ga-rpn\"?"
    ),
    ("[3]", "plan:1:2: [0]: expected a text, found the number 3"),
  ])
  func wrongTextsInJSONHaveAPlace(json: String, message: String) {
    let error = #expect(throws: JSONError.self) {
      try JSON.decode([ProposalSpec].self, from: json, source: "plan")
    }
    #expect(error?.description == message)
  }

  @Test func partsMadeWithoutATextAreCheckedToo() throws {
    func make(
      _ backbone: BackboneSpec = .classic(.resnet18, base: 64),
      _ neck: NeckSpec = .fpn(finest: .p1, coarsest: .p5, channels: 64), _ head: HeadSpec = .rcnn()
    ) throws {
      _ = try DetectorDesign(
        input: InputSize(width: 64, height: 64), backbone: backbone, neck: neck, proposals: .rpn,
        head: head)
    }
    try make()
    #expect(throws: SpecError.self) { try make(.classic(.resnet18, base: 7)) }
    #expect(throws: SpecError.self) {
      try make(.classic(.resnet18, base: 64), .fpn(finest: .p3, coarsest: .p2, channels: 64))
    }
    let pyramid = NeckSpec.fpn(finest: .p1, coarsest: .p5, channels: 64)
    let error = #expect(throws: SpecError.self) {
      try make(.classic(.resnet18, base: 64), pyramid, .cascade(steps: 5))
    }
    #expect(
      error?.description == "head is cascade 5, but a cascade has 2 to 4 steps; use cascade 4")
    #expect(throws: SpecError.self) {
      try make(.classic(.resnet18, base: 64), pyramid, .rcnn(channels: 20))
    }
  }
}

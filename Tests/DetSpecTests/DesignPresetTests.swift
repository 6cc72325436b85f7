import DetSpec
import Testing

@Suite struct DesignPresetTests {
  @Test func everyPresetIsADesignInCanonicalText() throws {
    for preset in DesignPreset.all {
      #expect(try preset.design().text == preset.text, "\(preset.name)")
      #expect(preset.note.hasSuffix("."), "\(preset.name)")
    }
    let names = DesignPreset.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.count == 6 + 4 * 7 + 2)
    #expect(Set(DesignPreset.all.map(\.text)).count == names.count)
  }

  @Test(arguments: [
    ("E0", DesignPreset.Certainty.confirmed), ("E1", .standIn), ("E2", .confirmed),
    ("E3", .confirmed), ("E4", .inferred), ("E5", .inferred), ("retinanet-r50-fpn", .published),
  ])
  func presetsSayHowSureTheyAre(name: String, certainty: DesignPreset.Certainty) throws {
    #expect(try #require(DesignPreset.named(name)).certainty == certainty)
  }

  @Test(arguments: [
    ("E0", 16_234_180), ("E1", 37_833_128), ("E2", 33_015_146), ("E3", 52_050_890),
    ("E4", 87_868_883), ("E5", 87_868_883), ("faster-rcnn-r50-fpn", 41_755_286 + 53_120 - 51_250),
  ])
  func presetsHaveTheseParameters(name: String, parameters: Int) throws {
    // torchvision's count is for 90 classes: 10 scores and 40 boxes of 1,025 weights more.
    #expect(
      DesignCost(try DetectorDesign(nameOrText: name), classes: 80).parameters == parameters)
  }

  @Test(arguments: [
    ("faster-rcnn-r50-fpn", "1333x800 | resnet50 | fpn P1-P5 256 | rpn | rcnn"),
    ("cascade-rcnn-x101-fpn", "1333x800 | resnext101 | fpn P1-P5 256 | rpn | cascade 3"),
    ("retinanet-mobilenetv2-fpn", "1333x800 | mobilenetv2 | fpn P2-P6 256 | none | retinanet"),
    ("faster-rcnn-r50-c4", "1333x800 | resnet50 | none | rpn | rcnn"),
    ("ga-faster-rcnn-r18-fpn", "1333x800 | resnet18 | fpn P1-P5 256 | ga-rpn | rcnn"),
    (" e2 ", "800x600 | basicblock 56 12-11111-211-1112 | fpn P1-P5 128 | rpn | cascade 3"),
    ("64x64|resnet18|none|rpn|rcnn", "64x64 | resnet18 | none | rpn | rcnn"),
  ])
  func namesAndTextsBecomeDesigns(given: String, text: String) throws {
    #expect(try DetectorDesign(nameOrText: given).text == text)
  }

  @Test(arguments: [
    ("retinanet-r5-fpn", "; did you mean \"retinanet-r50-fpn\"?"), ("E7", "; did you mean \"E0\"?"),
    ("yolo", "separated by \"|\""), ("", "separated by \"|\""),
  ])
  func unknownNamesSayWhatWouldBeRight(given: String, ending: String) {
    let error = #expect(throws: SpecError.self) { try DetectorDesign(nameOrText: given) }
    let words = error?.description ?? ""
    #expect(words.hasPrefix("design is \"\(given)\"; expected a preset (E0 to E5, "))
    #expect(words.hasSuffix(ending), "\(words)")
  }
}

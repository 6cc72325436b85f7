import DetBasics
import DetData
import Foundation
import TestSupport
import Testing

@Suite struct DoctorTests {
  let folder: TemporaryFolder
  let size = PixelSize(width: 60, height: 40)

  init() throws { folder = try TemporaryFolder() }

  func sample(_ name: String, _ id: Int64, _ boxes: [LabelledBox] = []) -> Sample {
    Sample(imageID: id, content: .file("\(folder.path)/\(name)"), imageSize: size, boxes: boxes)
  }

  func dataset(_ samples: [Sample], classes: [String] = ["a"]) -> Dataset {
    let categories = classes.enumerated().map {
      Category(id: Int64($0.offset) + 1, name: $0.element)
    }
    return Dataset(name: "set", categories: categories, samples: samples)
  }

  let box = LabelledBox(x0: 1, y0: 1, x1: 21, y1: 11, category: 0)

  @Test func countsAreByClassAndSize() throws {
    try folder.write("1.png", try ramp(60, 40).encodePNG())
    let large = LabelledBox(x0: 0, y0: 0, x1: 60, y1: 40, category: 1, area: 9216)
    let report = DatasetDoctor(dataset([sample("1.png", 1, [box, large])], classes: ["a", "b"]))
      .examine()
    #expect(report.classes.map(\.small) == [1, 0])
    #expect(report.classes.map(\.large) == [0, 1])
    #expect(report.aspectRatio.most == 2)
    #expect(report.findings.isEmpty && report.isSound)
    #expect(report.text().contains("nothing to complain about"))
  }

  @Test func everyPlantedFaultIsFoundAndNamed() throws {
    let good = try ramp(60, 40).encodePNG()
    for name in ["1.png", "2.png", "other.png"] { try folder.write(name, good) }
    try folder.write("3.png", good.prefix(90))
    try folder.write("5.png", try PixelImage(width: 50, height: 40).encodePNG())
    try folder.write("6.png", try PixelImage(width: 60, height: 40, red: 9).encodePNG())
    let thin = LabelledBox(x0: 5, y0: 5, x1: 6, y1: 30, category: 0)
    let samples = [
      sample("1.png", 1, [box, box, thin]), sample("2.png", 2), sample("3.png", 3),
      sample("4.png", 4), sample("5.png", 5), sample("6.png", 6), sample("6.png", 7),
    ]
    let other = dataset([sample("other.png", 1)], classes: ["b", "a"])
    let report = DatasetDoctor(dataset(samples, classes: ["a", "b"]))
      .examine(against: DatasetDoctor(other))
    let found = report.findings.map {
      "\($0.kind.rawValue) \(($0.place as NSString).lastPathComponent)"
    }
    #expect(
      found == [
        "imageMissing 4.png", "imageBroken 3.png", "sizeDiffers 5.png", "leakage 1.png",
        "imageTwice 6.png", "imageTwice 2.png", "imageBlank 6.png", "boxTwice 1.png",
        "boxTiny 1.png", "classEmpty set", "classesDiffer set",
      ])
    #expect(!report.isSound)
    let text = report.text()
    #expect(text.contains("imageBroken (1): "))
    #expect(text.contains("is listed as the images 6 and 7"))
    #expect(text.contains("the annotations say 60x40, the image is 50x40"))
    let back = try JSON.decode(DatasetReport.self, from: JSON.encode(report), source: "report")
    #expect(back == report)
  }

  @Test func copiesThatAreStoredOtherwiseAreFoundByTheirPixels() throws {
    let image = ramp(60, 40)
    let golden = try image.encodePNG()
    try folder.write("1.png", golden)
    // A chunk of text before the end: other bytes, the same pixels.
    var commented = golden
    let chunk: [UInt8] = [0, 0, 0, 1, 0x74, 0x45, 0x58, 0x74, 0, 0, 0, 0, 0]
    commented.insert(contentsOf: chunk, at: golden.count - 12)
    try folder.write("2.png", commented)
    let set = dataset([sample("1.png", 1, [box]), sample("2.png", 2, [box])])
    let findings = DatasetDoctor(set).examine().findings
    #expect(findings.map(\.kind) == [.imageTwice])
    #expect(findings.first?.detail.hasPrefix("the same pixels as ") ?? false)
    #expect(DatasetDoctor(set, decodesImages: false).examine().findings.isEmpty)
  }

  @Test func faultsOfAnnotationsAreCollectedWithTheirPlaces() throws {
    for name in ["1.png", "2.png"] {
      try folder.write(name, try ramp(name == "1.png" ? 60 : 50, 40).encodePNG())
    }
    let file = try folder.write(
      "t.json",
      """
      {"images": [{"id": 1, "width": 60, "height": 40, "file_name": "1.png"},
                  {"id": 1, "width": 60, "height": 40, "file_name": "2.png"},
                  {"id": 2, "width": 60, "height": 40, "file_name": "../3.png"},
                  {"id": 3, "width": 60, "height": 40, "file_name": "4.png"}],
       "categories": [{"id": 1, "name": "a"}, {"id": 1, "name": "b"}, {"id": 2, "name": ""}],
       "annotations": [
         {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 20, 10]},
         {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 30, 30]},
         {"id": 2, "image_id": 9, "category_id": 1, "bbox": [1, 1, 20, 10]},
         {"id": 3, "image_id": 1, "category_id": 5, "bbox": [1, 1, 20, 10]},
         {"id": 4, "image_id": 1, "category_id": 1, "bbox": [50, 1, 20, 10]},
         {"id": 5, "image_id": 1, "category_id": 1, "bbox": [5, 5, 0, 10]},
         {"id": 6, "image_id": 3, "category_id": 1, "bbox": [1, 1, 20, 10]}]}
      """)
    let source = DatasetSource(format: .coco, annotations: file)
    let set = try Dataset.load(source, faults: .collect)
    #expect(set.boxCount == 3)
    #expect(set.repairs.first?.kind == .idGiven)
    let found = DatasetDoctor(set).examine().findings.map { finding in
      "\(finding.kind.rawValue) \(finding.place.components(separatedBy: "t.json: ").last ?? "")"
    }
    #expect(
      found == [
        "annotationBroken categories[2]", "pathOutside images[2].file_name",
        "unknownImage annotations[2]", "unknownClass annotations[3]", "idTwice categories[1]",
        "idTwice images[1]", "imageMissing images[3]",
        "boxWithoutArea annotations[5]", "boxClipped annotations[4]",
      ])
    #expect(thrown { try Dataset.load(source) }.contains("is used twice"))
  }

  @Test func everyFormatGoesOnAfterAFaultWhenItCollects() throws {
    try folder.write("a.png", try ramp(60, 40).encodePNG())
    try folder.write("b.png", "no picture")
    try folder.write("voc/a.xml", vocXML("a.png", size, [("t", [1, 1, 9, 9])]))
    try folder.write("voc/b.xml", "<annotation>")
    try folder.write(
      "voc/c.xml", "<annotation><filename>a.png</filename><object/></annotation>")
    var voc = DatasetSource(format: .voc, annotations: "\(folder.path)/voc", images: folder.path)
    voc.classes = ["t"]
    let annotated = try Dataset.load(voc, faults: .collect)
    #expect(annotated.boxCount == 1)
    #expect(annotated.faults.map(\.detail).contains { $0.hasPrefix("the <object> has no <name>") })
    #expect(annotated.faults.count == 2)

    try folder.write("labels/a.txt", "0 0.5 0.5 0.5 0.5\n3 0.5 0.5 0.5 0.5\nx\n")
    try folder.write("labels/z.txt", "0 0.5 0.5 0.5 0.5\n")
    var yolo = DatasetSource(
      format: .yolo, annotations: "\(folder.path)/labels", images: folder.path)
    yolo.classes = ["t"]
    let labelled = try Dataset.load(yolo, faults: .collect)
    #expect(labelled.boxCount == 1)
    #expect(
      labelled.faults.map(\.kind) == [
        .unknownClass, .annotationBroken, .imageBroken, .unknownImage,
      ])
  }

  @Test func theOddestSamplesAreTheExtremes() throws {
    var images: [Sample] = []
    for index in 1...12 {
      let image = ramp(60, 40)
      try folder.write("\(index).png", try image.encodePNG())
      images.append(sample("\(index).png", Int64(index), [box]))
    }
    images[3].boxes = [LabelledBox(x0: 1, y0: 1, x1: 58, y1: 3, category: 0)]
    images[5].boxes = [box, LabelledBox(x0: 2, y0: 1, x1: 21, y1: 11, category: 0)]
    images[7].boxes = (0..<5).map {
      LabelledBox(x0: Double($0) * 9, y0: 1, x1: Double($0) * 9 + 8, y1: 9, category: 0)
    }
    let odd = DatasetDoctor(dataset(images)).examine().oddest
    #expect(odd.first { $0.index == 5 }?.reason == "two boxes that overlap by 95 %")
    #expect(odd.first { $0.index == 5 }?.boxes == [0, 1])
    #expect(odd.first { $0.index == 3 }?.reason == "the thinnest box: 2.0 pixels")
    #expect(odd.contains { $0.index == 7 })
    #expect(Set(odd.map(\.index)).count == odd.count)
  }

  @Test func anchorsAreJudgedOnTheTilesThatAreAdvised() throws {
    let large = PixelSize(width: 2400, height: 2400)
    let boxes = (0..<400).map { number -> LabelledBox in
      let (x, y) = (Double(number % 20) * 120, Double(number / 20) * 120)
      return LabelledBox(x0: x, y0: y, x1: x + 20, y1: y + 20, category: 0)
    }
    let image = Sample(imageID: 1, content: .file("none"), imageSize: large, boxes: boxes)
    let set = dataset([image])
    let advice = DatasetAdvice(set, rule: .plain)
    let tiles = try #require(advice.tiles)
    func recall(_ tiles: Tiling?) -> Double {
      let report = DatasetDoctor(set, decodesImages: false).examine(
        anchors: AnchorRule.plain.anchors(AnchorRule.plain.usual), inputs: advice.inputs,
        tiles: tiles)
      #expect(report.tileSide == tiles?.size)
      #expect(report.text().contains("cut into tiles of \(tiles?.size ?? 0) x") == (tiles != nil))
      return report.coverage.last?.dense50 ?? 0
    }
    #expect(recall(nil) < 0.05 && recall(tiles) > 0.9)
  }

  @Test func repairsAreCounted() throws {
    try folder.write("1.png", try ramp(60, 40).encodePNG())
    var set = dataset([sample("1.png", 1)])
    set.repairs = [
      Repair(kind: .boxClipped, place: "x", detail: ""),
      Repair(kind: .boxClipped, place: "y", detail: ""),
    ]
    let report = DatasetDoctor(set).examine()
    #expect(report.repairs == ["boxClipped": 2])
    #expect(report.text().contains("repaired while reading: boxClipped (2)"))
  }

  @Test func spreadTakesTheNumbersThemselves() {
    let spread = Spread((0...10).map(Double.init).reversed())
    #expect(
      [spread.least, spread.p10, spread.median, spread.p90, spread.most] == [0, 1, 5, 9, 10])
    #expect(Spread([]).count == 0)
  }
}

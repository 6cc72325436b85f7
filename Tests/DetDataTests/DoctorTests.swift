import DetBasics
import DetData
import Foundation
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
    let thin = LabelledBox(x0: 5, y0: 5, x1: 6, y1: 30, category: 0)
    let samples = [
      sample("1.png", 1, [box, box, thin]), sample("2.png", 2), sample("3.png", 3),
      sample("4.png", 4), sample("5.png", 5),
    ]
    let other = dataset([sample("other.png", 1)], classes: ["b", "a"])
    let report = DatasetDoctor(dataset(samples, classes: ["a", "b"])).examine(against: other)
    let found = report.findings.map {
      "\($0.kind.rawValue) \(($0.place as NSString).lastPathComponent)"
    }
    #expect(
      found == [
        "imageMissing 4.png", "imageBroken 3.png", "imageBroken 5.png", "imageTwice 2.png",
        "leakage 1.png", "boxTwice 1.png", "boxTiny 1.png", "classEmpty set", "classesDiffer set",
      ])
    #expect(!report.isSound)
    let text = report.text()
    #expect(text.contains("imageBroken (2): "))
    #expect(text.contains("the annotations say 60x40, the image is 50x40"))
    let back = try JSON.decode(DatasetReport.self, from: JSON.encode(report), source: "report")
    #expect(back == report)
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
    #expect(report.text().contains("mended while reading: boxClipped 2"))
  }

  @Test func spreadTakesTheNumbersThemselves() {
    let spread = Spread((0...10).map(Double.init).reversed())
    #expect(
      [spread.least, spread.p10, spread.median, spread.p90, spread.most] == [0, 1, 5, 9, 10])
    #expect(Spread([]).count == 0)
  }
}

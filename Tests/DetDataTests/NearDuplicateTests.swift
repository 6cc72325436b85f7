import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetData

@Suite struct NearDuplicateTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Pictures of shapes, drawn anew for every seed.
  func pictures(_ count: Int, seed: UInt64, width: Int = 240, height: Int = 160) throws
    -> [PixelImage]
  {
    let size = PixelSize(width: width, height: height)
    return try Dataset.load(.shapes(count: count, size: size, seed: seed)).samples
      .map { try $0.picture() }
  }

  func dataset(_ files: [(name: String, data: Data)]) throws -> Dataset {
    let samples = try files.enumerated().map { index, file in
      let path = try folder.write(file.name, file.data)
      return Sample(
        imageID: Int64(index) + 1, content: .file(path), imageSize: try ImageFile.size(path))
    }
    return Dataset(name: "set", categories: [Category(id: 1, name: "a")], samples: samples)
  }

  func found(_ report: DatasetReport, _ kind: Finding.Kind) -> [(place: String, detail: String)] {
    report.findings.filter { $0.kind == kind }.map {
      (($0.place as NSString).lastPathComponent, $0.detail)
    }
  }

  @Test func copiesThatWereCompressedOrResizedAreFound() throws {
    let images = try pictures(40, seed: 7)
    var files = try images.enumerated().map { ("\($0).png", try $1.encodePNG()) }
    var planted: [String: Int] = [:]
    // A plain slope with a shape or two on it cannot be told from others.
    for (index, image) in images.enumerated() where index < 15 && ImageLikeness(image) != nil {
      let half = image.resized(to: PixelSize(width: 120, height: 80))
      let other = image.resized(to: PixelSize(width: 331, height: 220))
      for (name, data) in [
        ("q", try image.encodeJPEG(quality: 50)), ("half", try half.encodePNG()),
        ("more", try other.encodeJPEG(quality: 60)),
      ] {
        files.append(("\(name)\(index)", data))
        planted["\(name)\(index)"] = index
      }
    }
    let report = DatasetDoctor(try dataset(files)).examine()
    let near = found(report, .nearDuplicate)
    #expect(Set(near.map(\.place)) == Set(planted.keys))
    for (place, detail) in near {
      let original = try #require(planted[place])
      // The nearest may be another copy of the same image.
      let isCopy = ["/", "/q", "/half", "/more"].contains { detail.contains("\($0)\(original)") }
      #expect(isCopy && detail.hasSuffix(" of 64 bits differ)"))
    }
    #expect(found(report, .imageTwice).isEmpty)
    #expect(report.isSound)
    #expect(planted.count >= 36)
    #expect(report.text().contains("nearDuplicate (\(planted.count)): look at both"))
  }

  @Test func leakageIsFoundThroughCompressionToo() throws {
    let images = try pictures(20, seed: 11)
    let training = try dataset(
      images.prefix(10).enumerated().map {
        ("t\($0).png", try $1.encodePNG())
      })
    var judged = try images.suffix(10).enumerated().map { ("v\($0).png", try $1.encodePNG()) }
    judged.append(("copy.jpg", try images[3].encodeJPEG(quality: 30)))
    judged.append(("same.png", try images[4].encodePNG()))
    let report = DatasetDoctor(training).examine(against: DatasetDoctor(try dataset(judged)))
    #expect(found(report, .nearLeakage).map(\.place) == ["t3.png"])
    #expect(found(report, .nearLeakage).first?.detail.contains("looks like ") ?? false)
    #expect(found(report, .leakage).map(\.place) == ["t4.png"])
    #expect(found(report, .nearDuplicate).isEmpty)
  }

  @Test func imagesThatAreOnlyAlikeRaiseNoAlarm() throws {
    var files = try pictures(300, seed: 3, width: 96, height: 64).enumerated().map {
      ("s\($0).png", try $1.encodePNG())
    }
    // Flat grey with a little noise, and gradients: alike, yet no copies.
    var generator = Generator(seed: 1)
    for index in 0..<20 {
      var flat = PixelImage(width: 96, height: 64)
      var slope = flat
      for place in 0..<96 * 64 {
        for channel in 0..<3 {
          flat.pixels[3 * place + channel] = UInt8(120 + index + generator.index(below: 5))
          slope.pixels[3 * place + channel] = UInt8(place % 96 * 2 + index)
        }
      }
      files.append(("f\(index).png", try flat.encodePNG()))
      files.append(("g\(index).png", try slope.encodePNG()))
    }
    let report = DatasetDoctor(try dataset(files)).examine()
    #expect(found(report, .nearDuplicate).map(\.place) == [])
  }

  @Test func theIndexFindsWhatComparingAllFinds() throws {
    let images = try pictures(60, seed: 5)
    var looks: [ImageLikeness] = []
    for image in images {
      for quality in [90, 40, 10] {
        let copy = try PixelImage.decode(image.encodeJPEG(quality: quality), place: "copy")
        if let likeness = ImageLikeness(copy) { looks.append(likeness) }
      }
    }
    var index = LikenessIndex()
    var distances: Set<Int> = []
    for (number, likeness) in looks.enumerated() {
      let all = looks[..<number].compactMap { likeness.distance(to: $0) }
      #expect(index.nearest(to: likeness)?.bits == all.min())
      distances.formUnion(all)
      index.add(likeness, "\(number)")
    }
    #expect(looks.count > 150 && distances.count > 2)
  }

  @Test func otherShapesAreOtherImages() throws {
    let image = try #require(try pictures(1, seed: 2).first)
    let wide = image.resized(to: PixelSize(width: 300, height: 160))
    let one = try #require(ImageLikeness(image))
    let other = try #require(ImageLikeness(wide))
    #expect(one.distance(to: other) == nil)
    #expect(one.distance(to: one) == 0)
  }
}

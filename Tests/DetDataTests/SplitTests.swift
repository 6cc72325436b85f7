import DetBasics
import DetData
import TestSupport
import Testing

@Suite struct SplitTests {
  let all: Dataset

  init() throws {
    all = try Dataset.load(.shapes(count: 21, size: PixelSize(width: 64, height: 64), seed: 2))
  }

  func side(_ part: Split.Part, share: Double = 0.2, seed: UInt64 = 5) throws -> [Int64] {
    try all.split(Split(part: part, share: share, seed: seed)).samples.map(\.imageID)
  }

  @Test func theSidesMakeUpTheWholeAndShareNothing() throws {
    let train = try side(.train)
    let validation = try side(.validation)
    #expect(train.count == 17 && validation.count == 4)
    #expect((train + validation).sorted() == all.samples.map(\.imageID))
    #expect(try side(.validation) == validation)
    #expect(try side(.validation, seed: 6) != validation)
    #expect(try side(.validation, share: 0.001).count == 1)
    #expect(try side(.train, share: 0.999).count == 1)
  }

  @Test func tilesOfAnImageStayOnOneSide() throws {
    var source = DatasetSource.shapes(count: 9, size: PixelSize(width: 64, height: 64))
    source.tiles = Tiling(size: 32)
    source.split = Split(part: .train, share: 0.3, seed: 1)
    let train = try Dataset.load(source)
    source.split = Split(part: .validation, share: 0.3, seed: 1)
    let validation = try Dataset.load(source)
    #expect(train.samples.count == 24 && validation.samples.count == 12)
    #expect(Set(train.samples.map(\.path)).isDisjoint(with: validation.samples.map(\.path)))
    // The same holds when a data set that is cut already is divided.
    let cut = all.tiled(Tiling(size: 32))
    let one = try cut.split(Split(part: .train, seed: 3)).samples.map(\.path)
    let two = try cut.split(Split(part: .validation, seed: 3)).samples.map(\.path)
    #expect(Set(one).isDisjoint(with: two))
  }

  @Test func wrongSharesAndSingleImagesAreRefused() throws {
    let text = #"{"format":"shapes","count":3,"split":{"part":"train","share":1}}"#
    #expect(
      thrown { try JSON.decode(DatasetSource.self, from: text, source: "plan") }
        .contains("share is 1.0; use a number above 0 and below 1"))
    #expect(
      thrown { try all.subset(count: 1, seed: 0).split(Split(part: .train)) }
        .contains("has one image, which cannot be divided"))
  }
}

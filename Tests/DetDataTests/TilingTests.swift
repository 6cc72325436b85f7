import DetBasics
import DetData
import TestSupport
import Testing

@Suite struct TilingTests {
  func starts(_ width: Int, _ tiling: Tiling) -> [Int] {
    tiling.regions(of: PixelSize(width: width, height: tiling.size)).map(\.x)
  }

  @Test func lastTileEndsAtTheEdge() {
    #expect(starts(100, Tiling(size: 40, stride: 30)) == [0, 30, 60])
    #expect(starts(101, Tiling(size: 40, stride: 30)) == [0, 30, 60, 61])
    #expect(starts(40, Tiling(size: 40, stride: 30)) == [0])
    #expect(starts(90, Tiling(size: 40)) == [0, 40, 50])
  }

  @Test func anImageSmallerThanATileIsOneTile() {
    let regions = Tiling(size: 64).regions(of: PixelSize(width: 50, height: 80))
    #expect(
      regions == [
        PixelRegion(x: 0, y: 0, width: 50, height: 64),
        PixelRegion(x: 0, y: 16, width: 50, height: 64),
      ])
  }

  func cut(_ box: LabelledBox) -> Dataset {
    let sample = Sample(
      imageID: 9, content: .file("big.png"), imageSize: PixelSize(width: 80, height: 40),
      boxes: [box])
    return Dataset(name: "t", categories: [], samples: [sample]).tiled(Tiling(size: 40))
  }

  @Test func aBoxIsKeptWhenMoreThanHalfIsInside() {
    let most = cut(LabelledBox(x0: 30, y0: 0, x1: 49, y1: 10, category: 0, area: 95))
    #expect(most.samples.map(\.imageID) == [1, 2])
    #expect(most.samples[0].boxes.map(\.x1) == [40])
    #expect(most.samples[0].boxes.map(\.area) == [50])
    #expect(most.samples[0].boxes.map(\.isIgnored) == [false])
    #expect(most.samples[1].boxes.map(\.isIgnored) == [true])
    #expect(most.samples[1].boxes.map(\.x1) == [9])
    #expect(most.repairs.map(\.kind) == [.boxCutByTile])
    #expect(most.repairs[0].place == "big.png [40x40+40+0]")
    let half = cut(LabelledBox(x0: 30, y0: 0, x1: 50, y1: 10, category: 0))
    #expect(half.objectCount == 0 && half.boxCount == 2)
    #expect(half.repairs.count == 2)
  }

  /// A crowd is ignored however it is cut, and that is nothing to tell of.
  @Test func whatIsIgnoredStaysSo() {
    let crowd = cut(LabelledBox(x0: 30, y0: 0, x1: 49, y1: 10, category: 0, isCrowd: true))
    #expect(crowd.samples.map { $0.boxes.map(\.isIgnored) } == [[true], [true]])
    #expect(crowd.repairs.isEmpty)
  }

  /// A tile that only cut objects reach into is background around them.
  @Test func aTileWithoutObjectsIsBackground() {
    let tiles = cut(LabelledBox(x0: 30, y0: 0, x1: 49, y1: 10, category: 0)).samples
    #expect(tiles.map(\.hasObject) == [true, false])
    #expect(tiles.map(\.isBackground) == [false, true])
  }

  @Test func badTilesAreRefusedWithThePlace() {
    func problem(_ text: String) -> String {
      thrown { try JSON.decode(DatasetSource.self, from: text, source: "plan") }
    }
    #expect(
      problem(#"{"format":"voc","annotations":"a","tiles":{"size":100,"stride":120}}"#)
        .contains("tiles: stride is 120; it lies between 1 and size (100)"))
    #expect(
      problem(#"{"format":"voc","annotations":"a","tiles":{"size":100,"keep":2}}"#).contains(
        "keep is 2"))
    #expect(
      problem(#"{"format":"voc","annotations":"a","tiles":{"sise":100}}"#).contains(
        "did you mean \"size\""))
  }
}

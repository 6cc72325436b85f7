import DetBasics
import DetData
import DetSpec
import DetTensor
import Foundation
import TestSupport
import Testing

@testable import DetModel
@testable import DetTraining

/// Ignored boxes on their whole way: from every kind of file through batches and matching to AP.
struct IgnoredBoxesTests {
  private let folder: TemporaryFolder
  private static let size = PixelSize(width: 64, height: 64)
  /// The object, and what is ignored, in pixels.
  private static let object = Box(x0: 8, y0: 8, x1: 24, y1: 24)
  private static let ignored = Box(x0: 32, y0: 32, x1: 60, y1: 56)

  init() throws {
    folder = try TemporaryFolder()
    let grey = PixelImage(width: 64, height: 64, red: 90, green: 90, blue: 90)
    try folder.write("a.png", try grey.encodePNG())
  }

  /// Where boxes to ignore come from.
  enum Kind: CaseIterable { case vocDifficult, cocoCrowd, cocoIgnore, cutByTile }

  private func source(_ kind: Kind) throws -> DatasetSource {
    switch kind {
    case .vocDifficult:
      let objects = [(Self.object, 0), (Self.ignored, 1)].map { box, difficult in
        """
        <object><name>tree</name><difficult>\(difficult)</difficult><bndbox><xmin>\(Int(box.x0) + 1)</xmin>
        <ymin>\(Int(box.y0) + 1)</ymin><xmax>\(Int(box.x1))</xmax><ymax>\(Int(box.y1))</ymax></bndbox></object>
        """
      }
      try folder.write(
        "a.xml",
        "<annotation><filename>a.png</filename><size><width>64</width><height>64</height></size>"
          + objects.joined() + "</annotation>")
      var source = DatasetSource(format: .voc, annotations: folder.path)
      source.ignoreDifficult = true
      return source
    case .cocoCrowd, .cocoIgnore:
      let flag = kind == .cocoCrowd ? "\"iscrowd\":1" : "\"iscrowd\":0,\"ignore\":1"
      let file = try folder.write(
        "a.json",
        """
        {"images":[{"id":1,"file_name":"a.png","width":64,"height":64}],"categories":[{"id":1,"name":"tree"}],
        "annotations":[{"id":1,"image_id":1,"category_id":1,"iscrowd":0,"area":256,"bbox":[8,8,16,16]},
        {"id":2,"image_id":1,"category_id":1,\(flag),"area":672,"bbox":[32,32,28,24]}]}
        """)
      return DatasetSource(format: .coco, annotations: file)
    case .cutByTile:
      let wide = PixelImage(width: 128, height: 64, red: 90, green: 90, blue: 90)
      try folder.write("b/b.png", try wide.encodePNG())
      // Of 80 x 24 pixels 28 x 24 are in the first tile.
      let file = try folder.write(
        "b/b.json",
        """
        {"images":[{"id":1,"file_name":"b.png","width":128,"height":64}],"categories":[{"id":1,"name":"tree"}],
        "annotations":[{"id":1,"image_id":1,"category_id":1,"iscrowd":0,"area":256,"bbox":[8,8,16,16]},
        {"id":2,"image_id":1,"category_id":1,"iscrowd":0,"area":1920,"bbox":[36,32,80,24]}]}
        """)
      var source = DatasetSource(format: .coco, annotations: file)
      source.tiles = Tiling(size: 64)
      return source
    }
  }

  private func dataset(_ kind: Kind) throws -> Dataset {
    var dataset = try Dataset.load(try source(kind))
    dataset.samples = [dataset.samples[0]]
    return dataset
  }

  private func share(of box: [Float], in other: Box) -> Float {
    let width = min(box[2], other.x1) - max(box[0], other.x0)
    let height = min(box[3], other.y1) - max(box[1], other.y0)
    return max(0, width) * max(0, height) / ((box[2] - box[0]) * (box[3] - box[1]))
  }

  @Test(arguments: Kind.allCases) func theyMakeNoNegatives(kind: Kind) throws {
    let recipe = RecipePreset.small.recipe
    var configuration = LoaderConfiguration.training(
      recipe, input: try InputSize(width: 64, height: 64), seed: 1)
    configuration.batchSize = 1
    configuration.augmentation = .none
    let loader = Loader(dataset: try dataset(kind), configuration: configuration, threads: 1)
    let batch = try #require(try loader.batches().next())
    let truths = batch.images.map(\.targets)
    let ignored = try #require(truths[0].ignored.first)
    #expect(truths[0].boxes == [Self.object] && truths[0].ignored.count == 1)
    #expect(ignored.x1 == (kind == .cutByTile ? 64 : Self.ignored.x1))
    let anchors = AnchorGenerator(
      AnchorLayout(levels: [.p1, .p2], scales: [2], ratios: [0.5, 1, 2])
    ).grids(over: [.zeros([1, 1, 16, 16]), .zeros([1, 1, 8, 8])])
    let own = TruthBatch(truths)
    let places = anchors.anchors().floats()
    for matcher in [Matcher.proposals, .dense, .regions(step: 0)] {
      let matches = matcher(anchors, own).integers()
      var neither = 0
      for (anchor, match) in matches.enumerated() {
        let isWithin = share(of: Array(places[4 * anchor..<4 * anchor + 4]), in: ignored) > 0.5
        #expect(!isWithin || match != -1)
        if isWithin, match == -2 { neither += 1 }
      }
      #expect(neither > 20 && matches.contains(0) && matches.contains(-1))
    }
  }

  @Test(arguments: Kind.allCases) func theyCountNeitherWay(kind: Kind) throws {
    let dataset = try dataset(kind)
    let validation = try Validation(dataset: dataset, input: InputSize(width: 64, height: 64))
    let part = dataset.samples[0].boxes[1]
    let exact = Detection(box: Self.object, label: 0, score: 0.5)
    let inside = Detection(
      box: Box(part), label: 0, score: 0.9)
    for found in [[exact], [exact, inside]] {
      let metrics = try validation.metrics(of: [found])
      #expect(abs(try #require(metrics["AP"]) - 1) < 1e-12)
    }
    let wrong = Detection(box: Box(x0: 30, y0: 2, x1: 46, y1: 18), label: 0, score: 0.9)
    #expect(try #require(try validation.metrics(of: [[exact, wrong]])["AP"]) < 0.6)
  }
}

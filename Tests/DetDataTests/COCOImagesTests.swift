import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetData

/// Images of COCO files under the names that tools give them.
@Suite struct COCOImagesTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b", "deep/c", "B\u{E4}ume"] {
      try folder.write("images/\(name).png", try ramp(60, 40).encodePNG())
    }
  }

  func load(
    _ images: [String], boxes: [Int] = [], in imagesFolder: String = "images",
    _ policy: FaultPolicy = .refuse
  ) throws -> Dataset {
    let list = images.enumerated().map { "{\"id\":\($0.offset + 1),\($0.element)}" }
    let annotations = boxes.enumerated().map { index, image in
      "{\"id\":\(index + 1),\"image_id\":\(image),\"category_id\":1,\"bbox\":[1,2,30,20]}"
    }
    let file = try folder.write(
      "t.json",
      """
      {"images":[\(list.joined(separator: ","))],"categories":[{"id":1,"name":"tree"}],
       "annotations":[\(annotations.joined(separator: ","))]}
      """)
    let dataset = try Dataset.load(
      DatasetSource(format: .coco, annotations: file, images: "\(folder.path)/\(imagesFolder)"),
      faults: policy)
    #expect(dataset.account.isBalanced, "\(dataset.account.lines)")
    return dataset
  }

  @Test(arguments: [
    (#""file_name":"a.png""#, "a.png", []), (#""file_name":"./a.png""#, "a.png", []),
    (#""file_name":"images\\a.png""#, "a.png", [Repair.Kind.nameSeparators, .nameFolder]),
    (#""file_name":"deep\\c.png""#, "deep/c.png", [.nameSeparators]),
    (#""file_name":"C:\\data\\deep\\c.png""#, "deep/c.png", [.nameSeparators, .nameFolder]),
    (#""file_name":"a""#, "a.png", [.nameEnding]), (#""file_name":"A.PNG""#, "a.png", [.nameForm]),
    (#""file_name":"a.jpg""#, "a.png", [.nameEnding]),
    (#""file_name":"c.png""#, "deep/c.png", [.nameFolder]),
    (#""file_name":"Ba\u0308ume.png""#, "B\u{E4}ume.png", [.nameForm]),
    (#""file_name":"/home/me/set/a.png""#, "a.png", [.nameFolder]),
    (#""file_name":"../../label-studio/data/media/upload/1/a.png""#, "a.png", [.nameFolder]),
    (#""file_name":"/data/local-files/?d=deep/c.png""#, "deep/c.png", [.nameFolder]),
    (#""file_name":"http://host/x/a.png?token=1""#, "a.png", [.nameFolder]),
    (#""file_name":"https://host/B%C3%A4ume.png""#, "B\u{E4}ume.png", [.nameFolder]),
    (#""coco_url":"http://images.cocodataset.org/train2017/a.png""#, "a.png", [.nameFolder]),
    (#""file_name":"","coco_url":"http://host/a.png""#, "a.png", [.nameFolder]),
  ])
  func namesAreFoundThoughToolsChangedThem(
    stated: String, found: String, kinds: [Repair.Kind]
  ) throws {
    let dataset = try load([stated], boxes: [1])
    let path = try #require(dataset.samples.first?.path)
    #expect(
      path.decomposedStringWithCanonicalMapping.hasSuffix(
        "/images/" + found.decomposedStringWithCanonicalMapping))
    #expect(dataset.repairs.filter { $0.kind != .notListed }.map(\.kind) == kinds)
    #expect(dataset.boxCount == 1)
  }

  @Test func aNameThatMayMeanSeveralIsOneMessage() throws {
    try folder.write("images/more/a.png", try ramp(60, 40).encodePNG())
    try folder.write("images/deep/a.png", try ramp(60, 40).encodePNG())
    #expect(try load([#""file_name":"x/a.png""#]).samples.count == 1)
    try FileManager.default.removeItem(atPath: folder.file("images/a.png"))
    let said = thrown { try load([#""file_name":"x/a.png""#]) }
    #expect(
      said.contains(
        "images[0].file_name: the image name \"x/a.png\" may mean deep/a.png and more/a.png"))
  }

  @Test func imagesThatTheListDoesNotNameAreListed() throws {
    let dataset = try load([#""file_name":"a.png""#])
    #expect(dataset.account[.image].found == 3)
    #expect(dataset.account[.image].leftOut == [.repair(.notListed): 2])
    let note = try #require(dataset.repairs.first)
    #expect(note.detail.contains("2 images that ") && note.detail.contains("(B"))
    #expect(try load([#""file_name":"deep/c.png""#]).account.isWhole)
  }

  @Test func ofTwoEntriesForOneFileTheOneWithBoxesStays() throws {
    let twice = [#""file_name":"a.png""#, #""file_name":"b.png""#, #""file_name":"./a.png""#]
    for (boxes, kept) in [([1, 2], [1, 2]), ([3, 2], [3, 2]), ([Int](), [1, 2])] {
      let dataset = try load(twice, boxes: boxes)
      #expect(dataset.samples.map(\.imageID) == kept.map(Int64.init))
      #expect(dataset.boxCount == boxes.count)
      #expect(dataset.repairs.count { $0.kind == .imageListedTwice } == 1)
      let findings = DatasetDoctor(dataset).examine().findings
      #expect(findings.contains { $0.kind == .imageTwice && $0.detail.contains("names the same") })
    }
    let said = thrown { try load(twice, boxes: [1, 3]) }
    #expect(
      said.contains("images[2]: names the same file as images[0], ")
        && said.contains("; give all boxes"))
    let listed = try load(twice, boxes: [1, 3], .collect)
    #expect(listed.faults.map(\.kind) == [.imageTwice])
    #expect(listed.account[.label].leftOut == [.imageNotUsed: 1])
  }

  @Test func lvisIsReadWithANote() throws {
    let dataset = try load([
      #""coco_url":"http://host/val2017/a.png","neg_category_ids":[2],"not_exhaustive_category_ids":[1]"#,
      #""coco_url":"http://host/val2017/b.png","neg_category_ids":[2],"not_exhaustive_category_ids":[ ]"#,
    ])
    #expect(dataset.samples.count == 2)
    let note = try #require(dataset.repairs.first { $0.kind == .notExhaustive })
    #expect(note.detail.hasPrefix("1 images have classes of which not all objects are labelled"))
  }
}

import DetBasics
import DetData
import Foundation
import TestSupport
import Testing

@Suite struct COCOReaderTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b"] { try folder.write("\(name).png", try ramp(60, 40).encodePNG()) }
  }

  static let images = """
    [{"id": 9000000000, "width": 60, "height": 40, "file_name": "a.png", "license": {"x": [1, 2]}},
     {"id": 4, "width": 60, "height": 40, "file_name": "b.png"}]
    """
  static let categories =
    #"[{"id": 7, "name": "cat", "supercategory": "x"}, {"id": 90, "name": "d\u00f6g"}]"#

  func load(
    _ annotations: String, images: String = images, categories: String = categories,
    change: (inout DatasetSource) -> Void = { _ in }
  ) throws -> Dataset {
    try read(
      #"{"info": {}, "images": \#(images), "annotations": \#(annotations), "categories": \#(categories)}"#,
      change)
  }

  func read(_ text: String, _ change: (inout DatasetSource) -> Void = { _ in }) throws -> Dataset {
    let file = try folder.write("t.json", text)
    var source = DatasetSource(format: .coco, annotations: file)
    change(&source)
    return try Dataset.load(source)
  }

  @Test func numbersAreKeptAndCrowdsAreIgnored() throws {
    let dataset = try load(
      """
      [{"id": 5, "image_id": 9000000000, "category_id": 90, "bbox": [1, 2, 10.5, 20], "area": 77.5,
        "iscrowd": 0, "segmentation": [[1, 2, 3]]},
       {"id": 8, "image_id": 9000000000, "category_id": 7, "bbox": [0, 0, 5, 5], "iscrowd": 1}]
      """)
    #expect(dataset.samples.map(\.imageID) == [9_000_000_000, 4])
    #expect(dataset.categories == [Category(id: 7, name: "cat"), Category(id: 90, name: "dög")])
    let boxes = dataset.samples[0].boxes
    #expect(boxes[0] == LabelledBox(x0: 1, y0: 2, x1: 11.5, y1: 22, category: 1, area: 77.5, id: 5))
    #expect(boxes[1].isCrowd && boxes[1].isIgnored)
    #expect(dataset.samples[1].boxes.isEmpty)
  }

  @Test func wrongReferencesNameTheAnnotation() throws {
    func problem(_ change: String) -> String {
      thrown { try load("[\(change)]") }
    }
    let place = "t.json: annotations[0]: "
    #expect(
      problem(#"{"id":1,"image_id":3,"category_id":7,"bbox":[0,0,1,1]}"#)
        .contains(place + "the image_id 3 is not in the list of images"))
    #expect(
      problem(#"{"id":1,"image_id":4,"category_id":8,"bbox":[0,0,1,1]}"#)
        .contains(place + "the category_id 8 is not in the list of categories"))
    let twice =
      #"[{"id":1,"width":60,"height":40,"file_name":"a.png"},{"id":1,"width":60,"height":40,"file_name":"b.png"}]"#
    #expect(thrown { try load("[]", images: twice) }.contains("images[1]: the id 1 is used twice"))
  }

  @Test func wrongKindsNameTheKey() throws {
    func problem(_ box: String) -> String { thrown { try load("[\(box)]") } }
    #expect(
      problem(#"{"id":1,"image_id":[4]}"#).contains(
        "annotations[0].image_id: expected a whole number, found a list; give the id"))
    #expect(
      problem(#"{"id":1,"image_id":4.5}"#).contains(
        "annotations[0].image_id: expected a whole number"))
    #expect(problem(#"{"bbox":[1,2,3]}"#).contains("annotations[0].bbox: expected four numbers"))
    #expect(problem(#"{"bbox":[1,2,3,NaN]}"#).contains("annotations[0].bbox"))
    #expect(
      problem(#"{"bbox":[1,2,3,1e999]}"#).contains(
        "annotations[0].bbox[3]: expected a finite number"))
    #expect(problem(#"{"iscrowd":2}"#).contains("annotations[0].iscrowd: expected 0 or 1"))
    #expect(problem(#"{"id":1}"#).contains("annotations[0]: the key \"image_id\" is missing"))
    #expect(
      thrown { try load("[]", images: #"[{"id":1,"width":-3}]"#) }
        .contains("images[0].width: the size is negative"))
    #expect(thrown { try read("{}") }.contains("t.json: the key \"images\" is missing"))
    #expect(thrown { try read("[1]") }.contains("expected an object"))
    #expect(thrown { try read("") }.contains("t.json:1:1: "))
  }

  @Test func aTruncatedFileIsNeverReadAsWhole() throws {
    let text =
      #"{"images": \#(Self.images), "annotations": [{"id":1,"image_id":4,"category_id":7,"bbox":[0,0,1,1]}], "categories": \#(Self.categories)}"#
    #expect(try read(text).boxCount == 1)
    for count in 0..<text.utf8.count {
      let text = String(decoding: Array(text.utf8).prefix(count), as: UTF8.self)
      #expect(thrown { try read(text) }.contains("t.json"), "cut at \(count)")
    }
    #expect(thrown { try read(text + "]") } != "")
  }

  @Test func imagesOutsideTheFolderAndMissingOnesAreTold() throws {
    func problem(_ name: String, skip: Bool? = nil) -> String {
      thrown {
        try load("[]", images: #"[{"id":1,"width":60,"height":40,"file_name":"\#(name)"}]"#) {
          $0.skipMissing = skip
        }
      }
    }
    #expect(
      problem("../x.png").contains("images[0].file_name: the image name \"../x.png\" leads out"))
    #expect(problem("/etc/passwd").contains("leads out of the folder"))
    #expect(problem("").contains("images[0].file_name: the image has no file name; name its file"))
    #expect(problem("none.png").contains("images[0]: the image none.png is not in"))
    #expect(problem("none.png", skip: true).contains("the data set has no images"))
  }

  @Test func aSizeThatIsNotTheImagesIsToldWhenItIsDecoded() throws {
    let images = #"[{"id":1,"width":61,"height":40,"file_name":"a.png"}]"#
    let dataset = try load("[]", images: images)
    #expect(
      thrown { try dataset.samples[0].picture() }.contains(
        "the annotations say 61x40, the image is 60x40"))
  }
}

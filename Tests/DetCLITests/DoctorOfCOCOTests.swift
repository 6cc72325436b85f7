import CommandTestSupport
import DetBasics
import DetCommand
import DetData
import Foundation
import TestSupport
import Testing

@testable import DetCLI

/// What the doctor says of COCO files as other tools write them.
@Suite struct DoctorOfCOCOTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let scenes = try Dataset.load(
      .shapes(count: 4, size: PixelSize(width: 96, height: 64), classes: ["circle"]))
    for (index, scene) in scenes.samples.enumerated() {
      try folder.write("images/\(index + 1).png", try scene.picture().encodePNG())
    }
  }

  private static func box(_ id: Int, _ image: Int, _ box: String, class category: Int = 1) -> String
  {
    "{\"id\":\(id),\"image_id\":\(image),\"category_id\":\(category),\(box)}"
  }

  private static let plain = (1...4).map { box($0, $0, "\"bbox\":[10,12,20,24]") }

  private func write(
    _ annotations: [String] = plain, separator: String = "", size: String = "",
    classes: String = #"{"id":1,"name":"tree"}"#
  ) throws -> String {
    let images = (1...4).map { "{\"id\":\($0),\"file_name\":\"\(separator)\($0).png\"\(size)}" }
    return try folder.write(
      "ann.json",
      "{\"images\":[\(images.joined(separator: ","))],\"categories\":[\(classes)],\n\"annotations\":[\n"
        + annotations.joined(separator: ",\n") + "]}")
  }

  private func doctor(
    _ file: String, images: String = "images", _ more: [String] = []
  ) -> (code: ExitCode, text: String) {
    let transcript = Transcript()
    let words = ["doctor", "--data", file, "--images", "\(folder.path)/\(images)"] + more
    let code = Program.run(words, transcript.context)
    return (code, transcript.output + transcript.log)
  }

  @Test func fourFaultsAreOneListWithACureEach() throws {
    let file = try write([
      Self.box(1, 1, "\"bbox\":[10,12,-20,24]"), Self.box(2, 2, "\"bbox\":[\"10\",12,20,24]"),
      Self.box(3, 3, "\"bbox\":[10,12,20,24]", class: 7), Self.box(4, 99, "\"bbox\":[10,12,20,24]"),
    ])
    let page = folder.file("page.html")
    let (code, text) = doctor(file, images: "images", ["--html", page])
    #expect(code == .failed)
    for part in [
      "annotationBroken (1): write \"bbox\": [x, y, width, height] in pixels, x and y being the upper left corner",
      "ann.json:3:52: annotations[0].bbox[2]: the width is negative",
      "numberForm (1)", "ann.json: annotations[1].bbox: texts are read as numbers",
      "unknownClass (1): add the class, or correct the number",
      "ann.json: annotations[2]: the category_id 7 is not in the list of categories",
      "unknownImage (1): ",
      "ann.json: annotations[3]: the image_id 99 is not in the list of images",
      "4 labels found: 1 used, 3 left out (annotationBroken 1, unknownClass 1, unknownImage 1)",
    ] { #expect(text.contains(part), "\(part)\n\(text)") }
    let html = try Files.text(page)
    #expect(html.contains("the width is negative") && html.contains("texts are read as numbers"))
  }

  @Test func outlinesStandForBoxesAndUnknownSizesForNone() throws {
    let outline = "\"segmentation\":[[10,12,30,12,30,36,10,36]]"
    let boxes =
      (1...3).map { Self.box($0, $0, outline) } + [
        Self.box(4, 4, "\"bbox\":null,\(outline)")
      ]
    let (code, text) = doctor(try write(boxes, size: ",\"width\":-1,\"height\":-1"))
    #expect(code == .done, "\(text)")
    #expect(text.contains("4 images (0 without boxes), 4 boxes"))
    #expect(text.contains("repaired while reading: outlineBoxed (4)"))
    #expect(text.contains("\"bbox\" is null; the box around the outline is taken"))
    #expect(text.contains("repaired while reading: numberForm (8)"))
    #expect(text.contains("images[0].width: -1 is read as not known"))
  }

  @Test func backslashesAreSeparators() throws {
    let (code, text) = doctor(try write(separator: "images\\\\"), images: ".")
    #expect(code == .done, "\(text)")
    #expect(text.contains("4 images (0 without boxes), 4 boxes"))
    #expect(text.contains("repaired while reading: nameSeparators (4)"))
  }

  @Test func aClassNameThatIsThereTwiceIsTold() throws {
    let (code, text) = doctor(
      try write(classes: #"{"id":0,"name":"tree"},{"id":1,"name":"tree"}"#))
    #expect(code == .done, "\(text)")
    #expect(text.contains("4 boxes, 1 class"))
    #expect(
      text.contains("categories[0]: the class 0 has no boxes and the name of the class 1, \"tree\"")
    )
    #expect(!text.contains("the class tree has no boxes"))
  }

  @Test func moreBoxesThanAreJudgedAndTheIDZeroAreTold() throws {
    let many = (0..<120).map { Self.box($0, 1, "\"bbox\":[\($0 % 12 * 8),\($0 / 12 * 6),7,5]") }
    let (code, text) = doctor(try write(many + [Self.box(500, 2, "\"bbox\":[1,2,30,20]")]))
    #expect(code == .done, "\(text)")
    #expect(text.contains("moreBoxesThanJudged (1): set \"detectionsPerImage\""))
    #expect(
      text.contains("1.png: has 120 boxes, and at most 100 detections of an image are judged"))
    #expect(text.contains("annotationIDZero (1): number the annotations from 1"))
    #expect(text.contains("ann.json: annotations[0]: the id is 0, which COCO's own evaluation"))
    let few = doctor(try write())
    #expect(!few.text.contains("moreBoxesThanJudged") && !few.text.contains("annotationIDZero"))
  }

  /// With a plan, the limit is its recipe's.
  @Test func thePlansRecipeSaysHowManyAreJudged() throws {
    let many = (1...120).map { Self.box($0, 1, "\"bbox\":[\($0 % 12 * 8),\($0 % 10 * 6),7,5]") }
    let file = try write(many)
    for (limit, isTold) in [(110, true), (120, false)] {
      let plan = try folder.write(
        "plan.json",
        """
        {"version": 1, "name": "dense",
         "data": {"train": {"format": "coco", "annotations": "\(file)", "images": "\(folder.path)/images"},
           "validation": {"format": "coco", "annotations": "\(file)", "images": "\(folder.path)/images"}},
         "structural": {"trials": 2, "objectives": ["AP50", "latency"],
           "recipe": {"extends": "small", "epochs": 1, "detection": {"detectionsPerImage": \(limit)}},
           "space": {"inputs": ["64x64"], "backbones": ["resnet18 16"], "necks": ["fpn P1-P3 48"],
             "proposals": ["none"], "heads": ["retinanet"]}}}
        """)
      let transcript = Transcript()
      _ = Program.run(["doctor", "--data", plan], transcript.context)
      let text = transcript.output + transcript.log
      #expect(text.contains("1 image") || text.contains("4 images"), "\(text)")
      #expect(
        text.contains("at most \(limit) detections of an image are judged") == isTold, "\(text)")
    }
  }
}

import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetData

/// COCO files as tools in the wild write them: read by their meaning where it is plain, and listed; else one message with
/// place and cure among all others.
@Suite struct COCOLooseTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b", "c", "d"] {
      try folder.write("images/\(name).png", try ramp(60, 40).encodePNG())
    }
  }

  static func image(_ id: String, _ name: String, _ size: String = #""width":60,"height":40"#)
    -> String
  {
    #"{"id":\#(id),"file_name":"\#(name)"\#(size.isEmpty ? "" : ",")\#(size)}"#
  }

  static func box(_ id: Int, _ image: Int = 1, _ values: String = #""bbox":[1,2,30,20]"#) -> String
  {
    #"{"id":\#(id),"image_id":\#(image),"category_id":1,\#(values)}"#
  }

  static let images = [image("1", "a.png"), image("2", "b.png")]
  static let tree = [#"{"id":1,"name":"tree"}"#]

  func load(
    images: [String] = images, annotations: [String] = [box(1)], categories: [String] = tree,
    in imagesFolder: String = "images", _ policy: FaultPolicy = .refuse
  ) throws -> Dataset {
    let lists = [("images", images), ("annotations", annotations), ("categories", categories)]
      .map { "\"\($0)\":[\($1.joined(separator: ",\n"))]" }
    return try load("{" + lists.joined(separator: ",\n") + "}", in: imagesFolder, policy)
  }

  func load(
    _ text: String, in imagesFolder: String = "images", _ policy: FaultPolicy = .refuse
  ) throws -> Dataset {
    try load(Data(text.utf8), in: imagesFolder, policy)
  }

  func load(
    _ bytes: Data, in imagesFolder: String, _ policy: FaultPolicy
  ) throws -> Dataset {
    let file = try folder.write("t.json", bytes)
    let source = DatasetSource(
      format: .coco, annotations: file, images: "\(folder.path)/\(imagesFolder)")
    let dataset = try Dataset.load(source, faults: policy)
    #expect(dataset.account.isBalanced, "\(dataset.account.lines)")
    return dataset
  }

  // MARK: - Values

  static let frame = LabelledBox(x0: 1, y0: 2, x1: 31, y1: 22, category: 0, area: 600, id: 1)

  /// What an annotation's members say, and the key that is noted; the box is the same in all.
  static let looseAnnotations: [(String, String)] = [
    (#""id":"1","image_id":1,"category_id":1,"bbox":[1,2,30,20]"#, "id"),
    (#""id":1,"image_id":"1","category_id":1,"bbox":[1,2,30,20]"#, "image_id"),
    (#""id":1,"image_id":1,"category_id":"1","bbox":[1,2,30,20]"#, "category_id"),
    (#""id":1,"image_id":1,"category_id":1,"bbox":["1","2.0","30",20]"#, "bbox"),
    (#""id":1,"image_id":1,"category_id":1,"bbox":[1,2,30,20],"area":null"#, "area"),
    (#""id":1,"image_id":1,"category_id":1,"bbox":[1,2,30,20],"area":"600""#, "area"),
    (#""id":1,"image_id":1,"category_id":1,"bbox":[1,2,30,20],"iscrowd":null"#, "iscrowd"),
    (#""id":1,"image_id":1,"category_id":1,"bbox":[1,2,30,20],"iscrowd":"0""#, "iscrowd"),
    (#""id":1,"image_id":1,"category_id":1,"bbox":[1,2,30,20],"iscrowd":"false""#, "iscrowd"),
    (#""image_id":1,"category_id":1,"bbox":[1,2,30,20]"#, "id"),
    (#""id":null,"image_id":1,"category_id":1,"bbox":[1,2,30,20]"#, "id"),
    (#""id":"x1","image_id":1,"category_id":1,"bbox":[1,2,30,20]"#, "id"),
    (#""id":1,"image_id":1,"category_id":1,"segmentation":[[1,2,31,2,31,22,1,22]]"#, "bbox"),
    (
      #""id":1,"image_id":1,"category_id":1,"bbox":null,"segmentation":[[1,2,9,9],[31,22,9,3]]"#,
      "bbox"
    ),
    (#""id":1,"image_id":1,"category_id":1,"bbox":[],"segmentation":[1,2,31,22,1,22]"#, "bbox"),
    (#""id":1,"image_id":1,"category_id":1,"segmentation":[[[1,2],[31,2],[31,22]]]"#, "bbox"),
    (
      // 40 rows: one run over the columns 1 to 30, of the rows 2 to 21 in the first and in the last.
      #""id":1,"image_id":1,"category_id":1,"segmentation":{"size":[40,60],"counts":[42,20,1140,20,1178]}"#,
      "bbox"
    ),
    (#""id":1,"image_id":1,"category_id":1,"bbox":[1,2,30,20],"ignore":null"#, "ignore"),
  ]

  @Test(arguments: looseAnnotations) func annotationsAreReadByTheirMeaning(
    members: String, key: String
  ) throws {
    let dataset = try load(annotations: ["{\(members)}"])
    let box = try #require(dataset.samples.first?.boxes.first)
    var expected = Self.frame
    if members.contains("[42,20") { expected.x1 = 31 }
    expected.area = box.area
    #expect(box == expected)
    #expect(box.area == nil || box.area == 600)
    let place = "t.json: annotations[0].\(key)"
    let repairs = dataset.repairs.filter { $0.kind != .notListed }
    #expect(repairs.map(\.place.lastPart) == [place.lastPart], "\(repairs)")
    let kinds: Set<Repair.Kind> = [.numberForm, .outlineBoxed, .idGiven]
    #expect(repairs.allSatisfy { kinds.contains($0.kind) && !$0.detail.isEmpty })
  }

  /// `pycocotools.mask.encode` of a mask with ones in rows 2 to 21 and columns 1 to 30 of 40 x 60.
  @Test func masksThatArePackedGiveTheirBox() throws {
    let counts = Self.packed([42] + Array(repeating: 20, count: 59) + [1178])
    let mask = #""segmentation":{"size":[40,60],"counts":"\#(counts)"}"#
    let dataset = try load(annotations: [Self.box(1, 1, mask)])
    #expect(
      dataset.samples[0].boxes == [LabelledBox(x0: 1, y0: 2, x1: 31, y1: 22, category: 0, id: 1)])
    #expect(dataset.repairs.contains { $0.kind == .outlineBoxed })
    // Known by heart from pycocotools: 3 x 3 with the middle set.
    let small = #""segmentation":{"size":[3,3],"counts":"414"}"#
    let one = try load(annotations: [Self.box(1, 1, small)])
    #expect(one.samples[0].boxes.map(\.x0) == [1] && one.samples[0].boxes.map(\.y1) == [2])
    for broken in ["\u{7F}", "4", "o", "9999999999999", ""] {
      let mask = #""segmentation":{"size":[3,3],"counts":"\#(broken)"}"#
      #expect(
        thrown { try load(annotations: [Self.box(1, 1, mask)]) }
          .contains("the box of this outline or mask cannot be told; add \"bbox\""))
    }
  }

  /// As `rleToString` of the COCO API packs run lengths.
  static func packed(_ runs: [Int]) -> String {
    var text = ""
    for (index, run) in runs.enumerated() {
      var number = index > 2 ? run - runs[index - 2] : run
      var more = true
      while more {
        var bits = number & 0x1F
        number >>= 5
        more = bits & 0x10 != 0 ? number != -1 : number != 0
        if more { bits |= 0x20 }
        text.unicodeScalars.append(Unicode.Scalar(UInt8(bits + 48)))
      }
    }
    return text
  }

  /// Sizes that say nothing are taken from the file.
  @Test(arguments: [
    (#""width":-1,"height":-1"#, ["width", "height"]), (#""width":null,"height":40"#, ["width"]),
    (#""width":0,"height":0"#, []), ("", []),
    (#""width":"60","height":"40""#, ["width", "height"]),
    (#""width":60.0,"height":40.0"#, []), (#""width":60.5,"height":40"#, ["width"]),
    (#""width":"","height":40"#, ["width"]), (#""width":"60.0","height":40"#, ["width"]),
  ])
  func sizesAreReadOrTakenFromTheFile(size: String, noted: [String]) throws {
    let dataset = try load(images: [Self.image("1", "a.png", size)], annotations: [Self.box(1)])
    #expect(dataset.samples[0].imageSize == PixelSize(width: 60, height: 40))
    #expect(
      dataset.repairs.filter { $0.kind != .notListed }.map(\.place.lastPart)
        == noted.map { "t.json: images[0].\($0)" })
  }

  /// Ids that are no numbers get one that is the same in every list and file.
  @Test func wordsForIDsAreNumbersThatStay() throws {
    let images = [Self.image(#""img-a""#, "a.png"), Self.image(#""2""#, "b.png")]
    let annotation =
      #"{"id":"u-1","image_id":"img-a","category_id":"t","bbox":[1,2,30,20],"area":600}"#
    let dataset = try load(
      images: images, annotations: [annotation], categories: [#"{"id":"t","name":"tree"}"#])
    #expect(dataset.samples.map(\.boxes.count) == [1, 0])
    #expect(dataset.samples[1].imageID == 2)
    let again = try load(images: images.reversed(), annotations: [])
    #expect(again.samples.map(\.imageID) == dataset.samples.map(\.imageID).reversed())
    #expect(dataset.samples[0].imageID > 0 && dataset.samples[0].imageID <= 1 << 52)
    #expect(dataset.repairs.count { $0.kind == .idGiven } == 5)
  }

  @Test func idsUsedTwiceAreGivenNumbersOfTheirOwn() throws {
    let dataset = try load(annotations: [
      Self.box(7), Self.box(7, 2), Self.box(0), Self.box(0, 2), Self.box(7),
    ])
    #expect(dataset.samples.flatMap(\.boxes).map(\.id).sorted() == [0, 7, 8, 9, 10])
    #expect(dataset.repairs.count { $0.kind == .idGiven } == 3)
  }

  @Test func aClassWithASupercategoryAloneIsCalledByIt() throws {
    let dataset = try load(categories: [#"{"id":1,"supercategory":"tree"}"#])
    #expect(dataset.categories.map(\.name) == ["tree"])
    #expect(dataset.repairs.map(\.kind).contains(.numberForm))
  }

  // MARK: - Faults

  /// Every kind of broken value is a finding with its place and a cure, and everything behind it is read.
  static let broken:
    [(image: String?, annotation: String?, category: String?, place: String, says: String)] = [
      (
        nil, box(5, 1, #""bbox":[1,2,-30,20]"#), nil, "annotations[1].bbox[2]",
        "the width is negative"
      ),
      (
        nil, box(5, 1, #""bbox":[1,2,30]"#), nil, "annotations[1].bbox",
        "expected four numbers x, y, width, height, found 3"
      ),
      (nil, box(5, 1, #""bbox":[1,2,30,20,0.9]"#), nil, "annotations[1].bbox", "found more"),
      (
        nil, box(5, 1, #""bbox":["1","two",3,4]"#), nil, "annotations[1].bbox[1]",
        "expected a finite number, found the text \"two\""
      ),
      (nil, box(5, 1, #""bbox":[1,2,NaN,20]"#), nil, "annotations[1].bbox[2]", "found NaN"),
      (
        nil, box(5, 1, #""bbox":[1,2,-Infinity,20]"#), nil, "annotations[1].bbox[2]",
        "found -Infinity"
      ),
      (nil, box(5, 1, #""bbox":[1,2,1e999,20]"#), nil, "annotations[1].bbox[2]", "found 1e999"),
      (
        nil, box(5, 1, #""bbox":[1,2,30,20],"score":NaN"#), nil, "annotations[1].score", "found NaN"
      ),
      (nil, box(5, 1, #""bbox":[[1,2],[30,20]]"#), nil, "annotations[1].bbox", "found 2"),
      (nil, box(5, 1, #""bbox":{"x":1}"#), nil, "annotations[1].bbox", "found an object"),
      (
        nil, box(5, 1, #""bbox":null"#), nil, "annotations[1].bbox",
        "found null, and there is no outline"
      ),
      (nil, box(5, 1, #""iscrowd":0"#), nil, "annotations[1]", "the key \"bbox\" is missing"),
      (nil, box(5, 1, #""segmentation":[]"#), nil, "annotations[1].segmentation", "cannot be told"),
      (
        nil, box(5, 1, #""segmentation":[[1,2,3]]"#), nil, "annotations[1].segmentation",
        "cannot be told"
      ),
      (
        nil, box(5, 1, #""bbox":[1,2,3,4],"area":-5"#), nil, "annotations[1].area",
        "the area is negative"
      ),
      (
        nil, box(5, 1, #""bbox":[1,2,3,4],"iscrowd":2"#), nil, "annotations[1].iscrowd",
        "expected 0 or 1, found 2"
      ),
      (
        nil, #"{"id":5,"category_id":1,"bbox":[1,2,3,4]}"#, nil, "annotations[1]",
        "the key \"image_id\" is missing"
      ),
      (
        nil, #"{"id":5,"image_id":1,"bbox":[1,2,3,4]}"#, nil, "annotations[1]",
        "the key \"category_id\" is missing"
      ),
      (
        nil, #"{"id":5,"image_id":null,"category_id":1,"bbox":[1,2,3,4]}"#, nil,
        "annotations[1].image_id", "found null"
      ),
      (
        nil, #"{"id":5,"image_id":1.5,"category_id":1,"bbox":[1,2,3,4]}"#, nil,
        "annotations[1].image_id", "found 1.5"
      ),
      (
        nil, #"{"id":5,"image_id":12345678901234567890,"category_id":1,"bbox":[1,2,3,4]}"#, nil,
        "annotations[1].image_id", "more than 64 bits"
      ),
      (
        nil, #"{"id":5,"id":5,"image_id":1,"category_id":1,"bbox":[1,2,3,4]}"#, nil,
        "annotations[1]", "stands twice"
      ),
      (nil, "null", nil, "annotations[1]", "expected an object in curly brackets, found null"),
      (nil, "[1,[2]]", nil, "annotations[1]", "expected an object in curly brackets, found a list"),
      (nil, "7", nil, "annotations[1]", "expected an object in curly brackets, found 7"),
      (
        nil, "\"},{\"", nil, "annotations[1]",
        "expected an object in curly brackets, found the text"
      ),
      (nil, box(5, 9), nil, "annotations[1]", "the image_id 9 is not in the list of images"),
      (
        nil, #"{"id":5,"image_id":1,"category_id":3,"bbox":[1,2,3,4]}"#, nil, "annotations[1]",
        "the category_id 3 is not in the list"
      ),
      (
        image("5", "c.png", #""width":-3,"height":40"#), nil, nil, "images[1].width",
        "the size is negative"
      ),
      (
        image("5", "c.png", #""width":[60],"height":40"#), nil, nil, "images[1].width",
        "expected a finite number, found a list"
      ),
      (
        image("5", "c.png", #""width":9999999,"height":40"#), nil, nil, "images[1]",
        "beyond any image"
      ),
      (image("[5]", "c.png"), nil, nil, "images[1].id", "expected a whole number, found a list"),
      (image("5", "none.png"), nil, nil, "images[1]", "the image none.png is not in"),
      (
        image("5", "../../none.png"), nil, nil, "images[1].file_name",
        "leads out of the folder of images"
      ),
      (
        #"{"id":5,"file_name":null}"#, nil, nil, "images[1].file_name", "the image has no file name"
      ),
      (
        #"{"id":5,"file_name":["c.png"]}"#, nil, nil, "images[1].file_name",
        "expected a text, found a list"
      ),
      (#"{"file_name":"c.png"}"#, nil, nil, "images[1]", "the key \"id\" is missing"),
      (image("1", "c.png"), nil, nil, "images[1]", "the id 1 is used twice"),
      (nil, nil, #"{"name":"palm"}"#, "categories[1]", "the key \"id\" is missing"),
      (nil, nil, #"{"id":5}"#, "categories[1]", "has no name"),
      (nil, nil, #"{"id":1,"name":"palm"}"#, "categories[1]", "the id 1 is used twice"),
      (nil, nil, "\"palm\"", "categories[1]", "expected an object in curly brackets"),
    ]

  @Test(arguments: broken) func aBrokenValueIsAFindingAmongOthers(
    image: String?, annotation: String?, category: String?, place: String, says: String
  ) throws {
    func read(_ policy: FaultPolicy) throws -> Dataset {
      try load(
        images: [Self.images[0]] + (image.map { [$0] } ?? []) + [Self.images[1]],
        annotations: [Self.box(1)] + (annotation.map { [$0] } ?? []) + [Self.box(2, 2)],
        categories: Self.tree + (category.map { [$0] } ?? []), policy)
    }
    let dataset = try read(.collect)
    #expect(dataset.samples.count == 2 && dataset.boxCount == 2)
    let finding = try #require(dataset.faults.first)
    #expect(dataset.faults.count == 1, "\(dataset.faults)")
    #expect(finding.place.hasSuffix(": " + place), "\(finding.place)")
    #expect(finding.detail.contains(says), "\(finding.detail)")
    #expect(!finding.cure.isEmpty)
    let said = thrown { try read(.refuse) }
    #expect(said == "\(finding.place): \(finding.detail); \(finding.cure)")
  }

  /// All at once, in one list; the lines are those of the file.
  @Test func allFaultsAreListedInOneGo() throws {
    let whole = Self.broken.filter { $0.image == nil && $0.category == nil }
    let annotations = [Self.box(1)] + whole.compactMap(\.annotation) + [Self.box(2, 2)]
    let dataset = try load(annotations: annotations, .collect)
    #expect(dataset.faults.count == whole.count)
    #expect(dataset.boxCount == 2)
    let reads = dataset.faults.filter { $0.kind == .annotationBroken }
    for finding in reads {
      let words = finding.place.split(separator: ":")
      let index = try #require(
        finding.place.split(separator: "[").dropFirst().first?.split(separator: "]").first)
      // The images are on the first two lines, and each annotation on one of its own.
      #expect(words[1] == "\(2 + 1 + (Int(index) ?? 0))", "\(finding.place)")
    }
    #expect(dataset.account[.label].leftOut.values.reduce(0, +) == whole.count)
  }

  /// What is no JSON ends the reading, with its place, whatever the policy.
  @Test(arguments: [
    (box(5) + ",", "expected an object in curly brackets"), (#"{"id":5"#, "t.json:"),
    (#"{"id":5 "image_id":1}"#, "t.json:"), (#"{"id":05}"#, "t.json:"), ("{'id':5}", "t.json:"),
    (#"{"id":5,}"#, "t.json:"), (#"{"id":nan}"#, "t.json:"), ("{\"id\":\"\u{1}\"}", "t.json:"),
    ("None", "t.json:"), (#"{"id":5}}"#, "t.json:"),
  ])
  func whatIsNoJSONEndsTheReading(text: String, says: String) {
    for policy in [FaultPolicy.refuse, .collect] {
      let said = thrown { try load(annotations: [Self.box(1), text], policy) }
      #expect(said.contains(says) && said.contains("t.json:4:"), "\(said)")
    }
  }

  @Test func aListThatIsMissingIsOneFinding() throws {
    let images = "\"images\":[\(Self.images.joined(separator: ","))]"
    let boxes = "\"annotations\":[\(Self.box(1)),\(Self.box(2, 2))]"
    let classes = "\"categories\":[\(Self.tree[0])]"
    func faults(_ lists: String...) throws -> [String] {
      let text = "{\(lists.joined(separator: ","))}"
      let dataset = try load(text, .collect)
      #expect(thrown { try load(text) } != "")
      return dataset.faults.map(\.detail)
    }
    #expect(
      try faults(images, boxes) == [
        "the key \"categories\" is missing",
        "there are no classes, and annotations are of the classes 1",
      ])
    #expect(
      try faults(images, boxes, "\"categories\":[]") == [
        "there are no classes, and annotations are of the classes 1"
      ])
    #expect(
      try faults(boxes, classes) == [
        "the key \"images\" is missing", "there are no images, and annotations are of some",
      ])
    #expect(try faults(images, classes) == ["the key \"annotations\" is missing"])
    #expect(
      thrown { try load("{\(boxes),\(classes),\"images\":\"a.jpg\"}", .collect) }
        .contains("images: expected a list"))
  }

  /// Images as an object from ids to images: read, and told once. An id of the image's own counts before its key.
  @Test func anObjectWhereAListBelongsIsReadByItsKeys() throws {
    let boxes = [Self.box(1, 1), Self.box(2, 7), Self.box(3, 12)].joined(separator: ",")
    let entries =
      #""1":{"file_name":"a.png"},"x":{"id":7,"file_name":"b.png"},"012":{"file_name":"c.png"}"#
    for images in ["{\(entries)}", "{ }"] {
      let text = """
        {"images": \(images) ,"annotations":[\(images == "{ }" ? "" : boxes)],"categories":[\(Self.tree[0])]}
        """
      guard images != "{ }" else {
        #expect(thrown { try load(text) }.contains("has no images"))
        continue
      }
      let dataset = try load(text)
      #expect(dataset.samples.map(\.imageID) == [1, 7, 12])
      #expect(dataset.samples.map { $0.boxes.map(\.id) } == [[1], [2], [3]])
      let notes = dataset.repairs.filter { $0.kind == .listAsObject }
      #expect(
        notes.map(\.place.lastPart) == ["t.json: images"]
          && notes[0].detail.contains("3 values are"))
    }
  }

  /// Every list may be written so; what is wrong in a value is told with its line, and what breaks the text ends the reading.
  @Test func allListsMayBeObjectsAndFaultsInThemHavePlaces() throws {
    let text = """
      {"categories":{"1":{"name":"tree"}},
      "images":{"1":{"file_name":"a.png"},
      "2":{"file_name":"b.png","width":-7}},
      "annotations":{"5":{"image_id":1,"category_id":1,"bbox":[1,2,30,20]},
      "6":7}}
      """
    let dataset = try load(text, .collect)
    #expect(dataset.samples.map { $0.boxes.map(\.id) } == [[5]])
    #expect(
      dataset.faults.map(\.place.lastPart) == [
        "t.json:3:34: images[1].width", "t.json:5:5: annotations[1]",
      ])
    for (broken, problem) in [
      (#"{"images":{"1":{}"#, "t.json:1:"), (#"{"images":{"1":{},}}"#, "expected an id in quotes"),
      (#"{"images":{1:{}}}"#, "expected an id in quotes"), (#"{"images":{"1" {}}}"#, "a colon"),
      (#"{"images":{"1":{} "2":{}}}"#, "a comma or the end of the object"),
      (#"{"images":{"1":{}},"images":[]}"#, "the key stands twice"),
    ] {
      #expect(
        thrown { try load(broken) }.contains(problem), "\(broken): \(thrown { try load(broken) })")
    }
  }

  // MARK: - Classes

  @Test func aClassWithoutBoxesThatHasTheNameOfAnotherIsLeftOut() throws {
    let categories = [
      #"{"id":0,"name":"tree","supercategory":"none"}"#, #"{"id":1,"name":"tree"}"#,
      #"{"id":2,"name":"palm"}"#,
    ]
    let dataset = try load(categories: categories)
    #expect(dataset.categories == [Category(id: 1, name: "tree"), Category(id: 2, name: "palm")])
    #expect(dataset.boxCount == 1)
    #expect(dataset.repairs.map(\.kind).contains(.classWithoutBoxes))
    let report = DatasetDoctor(dataset).examine()
    #expect(
      report.findings.filter { $0.kind == .classEmpty }.map(\.detail) == [
        "the class 0 has no boxes and the name of the class 1, \"tree\"; it is left out",
        "the class palm has no boxes",
      ])
    let both = [Self.box(1), #"{"id":2,"image_id":2,"category_id":0,"bbox":[1,2,30,20]}"#]
    let said = thrown { try load(annotations: both, categories: categories) }
    #expect(
      said.contains(
        "categories[0] and categories[1]: have the same name, \"tree\", and boxes each (1 of 0, 1 of 1); give one"
      ))
    let listed = try load(annotations: both, categories: categories, .collect)
    #expect(listed.faults.map(\.kind) == [.classTwice] && listed.boxCount == 2)
  }

  // MARK: - Boxes of another kind

  @Test func cornersAndSharesAreToldFromAllBoxesTogether() throws {
    let corners = [[20, 10, 50, 30], [40, 20, 60, 40], [1, 2, 30, 20], [30, 5, 59, 35]]
    func boxes(_ sides: [[Double]]) -> [String] {
      sides.enumerated().map { Self.box($0.offset + 1, 1, "\"bbox\":\($0.element)") }
    }
    let said = thrown { try load(annotations: boxes(corners.map { $0.map(Double.init) })) }
    #expect(said.contains("t.json: annotations: 3 of 4 boxes reach beyond their images"))
    #expect(said.contains("corners x0, y0, x1, y1; write \"bbox\": [x, y, width, height]"))
    let listed = try load(annotations: boxes(corners.map { $0.map(Double.init) }), .collect)
    #expect(listed.faults.map(\.kind) == [.boxesOfOtherKind])
    // One box that cannot be corners, and they are what they say.
    let plain = corners.map { $0.map(Double.init) } + [[30, 20, 10, 10]]
    #expect(try load(annotations: boxes(plain)).boxCount == 5)
    let shares = [[0.1, 0.2, 0.5, 0.25], [0.5, 0.5, 0.25, 0.25], [0, 0, 0.9, 1]]
    #expect(
      thrown { try load(annotations: boxes(shares)) }
        .contains("all 3 boxes are shares of the image's width and height"))
  }

  // MARK: - Texts

  @Test func marksAndUTF16AreRead() throws {
    let text =
      "{\"images\":[\(Self.images[0])],\"annotations\":[\(Self.box(1))],\"categories\":[\(Self.tree[0])]}"
    let marked = Data([0xEF, 0xBB, 0xBF]) + Data(text.utf8)
    let wide = try #require(text.data(using: .utf16LittleEndian))
    let big = try #require(text.data(using: .utf16BigEndian))
    for bytes in [marked, Data([0xFF, 0xFE]) + wide, Data([0xFE, 0xFF]) + big] {
      #expect(try load(bytes, in: "images", .refuse).boxCount == 1)
    }
    let broken = Data([0xFF, 0xFE]) + wide.dropLast(2)
    #expect(thrown { try load(broken, in: "images", .refuse) }.contains("t.json:1:"))
  }

  /// A broken element in each of many windows is found, and nothing else is lost.
  @Test func longFilesKeepAllButTheBrokenElements() throws {
    var annotations: [String] = []
    for number in 0..<6000 {
      let isBroken = number % 1000 == 999
      annotations.append(
        isBroken ? Self.box(number, 1, #""bbox":[1,2,"x",20]"#) : Self.box(number, 1 + number % 2))
    }
    let dataset = try load(annotations: annotations, .collect)
    #expect(dataset.boxCount == 5994)
    #expect(
      dataset.faults.map(\.place.lastPart)
        == (0..<6).map { block in
          let index = 999 + 1000 * block
          return "t.json:\(3 + index):\(index < 1000 ? 52 : 53): annotations[\(index)].bbox[2]"
        })
  }
}

extension String {
  /// What follows the last slash.
  fileprivate var lastPart: String { split(separator: "/").last.map(String.init) ?? self }
}

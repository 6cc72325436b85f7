import CJSON
import DetBasics
import DetJSON

/// One image of a file of BDD100K labels, with its boxes.
struct BDDFrame {
  struct Box {
    let place: String
    let category: String
    let x0, y0, x1, y1: Double
    let isCrowd: Bool
  }

  /// The image's name, as written.
  let name: String
  /// The video it belongs to; empty: none.
  let video: String
  /// Its labels that have a box.
  private(set) var boxes: [Box] = []
  /// How many labels have none.
  private(set) var labelsWithoutBox = 0
  /// What is wrong with single labels.
  private(set) var faults: [ElementFault] = []
  /// What was read in another form than the format's.
  private(set) var readings: [LooseReading] = []

  /// The plain frames of a file with their boxes, in the order of the file.
  static func plain(_ columns: BDDColumns, file: String) -> [BDDFrame] {
    let categories = columns.categories.map { column in
      column.name.map { String(cString: $0) } ?? ""
    }
    var frames = columns.images.map { image in
      BDDFrame(
        name: image.name.map { String(cString: $0) } ?? "",
        video: image.video.map { String(cString: $0) } ?? "")
    }
    for (index, box) in columns.boxes.enumerated() {
      frames[Int(box.image)].boxes.append(
        Box(
          place: "\(file): box \(index) of frames[\(box.image)]",
          category: categories[Int(box.category)], x0: box.box.0, y0: box.box.1, x1: box.box.2,
          y1: box.box.3, isCrowd: box.is_crowd))
    }
    return frames
  }

  private init(name: String, video: String) {
    self.name = name
    self.video = video
  }

  /// Reads a frame by its meaning; what is wrong with a label loses that label alone.
  init(_ element: OddElement) throws {
    var values = try LooseValues(element)
    let name = try values.text("name", cure: "name the image's file")
    let nameNode = values.value("name")
    var video = try values.text("videoName", cure: "name the video, or leave it out")
    if video.isEmpty {
      video = try values.text("video_name", cure: "name the video, or leave it out")
    }
    guard nameNode != nil else {
      throw element.fault(
        problem: "the key \"name\" is missing", cure: "name the image's file")
    }
    guard !name.isEmpty else {
      throw element.fault("name", at: nameNode, "the text is empty", cure: "name the image's file")
    }
    guard !name.contains("\0"), !video.contains("\0") else {
      throw element.fault(
        "name", at: nameNode, "the text contains a zero byte", cure: "name the image's file")
    }
    self.init(name: name, video: video)
    try addLabels(&values)
    readings = values.readings
  }

  /// How many labels the frame has.
  var labelCount: Int { boxes.count + labelsWithoutBox + faults.count }

  /// The labels of the frame, or the objects of the only frame in it, as in old files.
  private mutating func addLabels(_ values: inout LooseValues) throws {
    let element = values.element
    for (path, label) in try Self.list(values.value("labels"), "labels", element) {
      try add(label, path, &values)
    }
    let inner = try Self.list(values.value("frames"), "frames", element)
    guard inner.count <= 1 else {
      throw element.fault(
        "frames[1]", at: inner[1].node, "one frame per image is expected, found more",
        cure: "write each frame as an image of its own")
    }
    for (path, frame) in inner {
      for (path, label) in try Self.list(frame["objects"], path + ".objects", element) {
        try add(label, path, &values)
      }
    }
  }

  private static func list(
    _ node: JSONNode?, _ path: String, _ element: OddElement
  ) throws -> [(path: String, node: JSONNode)] {
    switch node?.value {
    case nil, .null: return []
    case .array(let nodes):
      return nodes.enumerated().map { ("\(path)[\($0.offset)]", $0.element) }
    default:
      throw element.fault(
        path, at: node, "expected a list, found \(node.map(LooseValues.found) ?? "nothing")",
        cure: "write the labels as a list")
    }
  }

  private mutating func add(
    _ label: JSONNode, _ path: String, _ values: inout LooseValues
  ) throws {
    do {
      guard let box = try Self.box(label, path, &values) else { return labelsWithoutBox += 1 }
      boxes.append(box)
    } catch let fault as ElementFault {
      faults.append(fault)
    }
  }

  /// The box of a label; nil: it has none.
  private static func box(
    _ label: JSONNode, _ path: String, _ values: inout LooseValues
  ) throws -> Box? {
    let element = values.element
    guard case .object = label.value else {
      throw element.fault(
        path, at: label, "expected an object, found \(LooseValues.found(label))",
        cure: "remove it from the list")
    }
    guard let corners = label["box2d"] else { return nil }
    if case .null = corners.value { return nil }
    let cure = "write \"box2d\": {\"x1\": …, \"y1\": …, \"x2\": …, \"y2\": …} in pixels"
    guard case .object = corners.value else {
      throw element.fault(
        path + ".box2d", at: corners, "expected an object, found \(LooseValues.found(corners))",
        cure: cure)
    }
    var edges: [Double] = []
    for key in ["x1", "y1", "x2", "y2"] {
      guard let edge = corners[key] else { continue }
      edges.append(try values.number(edge, "\(path).box2d.\(key)", cure: cure))
    }
    if let key = ["x1", "y1", "x2", "y2"].first(where: { corners[$0] == nil }) {
      throw element.fault(
        path + ".box2d", at: corners, "the key \"\(key)\" is missing", cure: cure)
    }
    let category: String
    switch label["category"]?.value {
    case .string(let text)? where !text.isEmpty && !text.contains("\0"): category = text
    case nil:
      throw element.fault(
        path, at: label, "the key \"category\" is missing", cure: "name the label's class")
    default:
      throw element.fault(
        path + ".category", at: label["category"], "expected the name of a class",
        cure: "name the label's class")
    }
    let crowd = try values.flag(of: label["attributes"]?["crowd"], "\(path).attributes.crowd")
    return Box(
      place: "\(element.source): \(element.path).\(path)", category: category, x0: edges[0],
      y0: edges[1], x1: edges[2], y1: edges[3], isCrowd: crowd ?? false)
  }
}

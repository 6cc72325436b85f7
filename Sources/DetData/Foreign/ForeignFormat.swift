import DetBasics
import Foundation

/// Formats of other tools that are known by their content and not read: what they are called, and the way out.
///
/// A new one is a case with its title, its cure and how it is known; `told(by:)` and the test that walks all cases do
/// the rest.
public enum ForeignFormat: String, Sendable, CaseIterable {
  /// CVAT's own XML, for images or for video.
  case cvat
  /// KITTI: a text file an image, 15 words an object.
  case kitti
  /// DOTA: a text file an image, four corners and the name of the class.
  case dota
  /// Open Images: a table of boxes as shares of the image.
  case openImages
  /// A table of boxes in pixels, as TensorFlow's and RetinaNet's examples read.
  case boxTable
  /// VGG Image Annotator's table.
  case viaTable
  /// VGG Image Annotator's project, or its regions as JSON.
  case viaJSON
  /// labelme: a JSON file an image, with shapes.
  case labelme
  /// Label Studio's own JSON: a list of tasks.
  case labelStudio
  /// Supervisely: a JSON file an image, with objects, and a meta.json.
  case supervisely
  /// Datumaro's own JSON.
  case datumaro
  /// Apple's Create ML: a list of images, boxes by their centres.
  case createML
  /// Shapes on a map.
  case geoJSON
  /// COCO's list of results: what a detector found.
  case cocoResults
  /// COCO's panoptic annotations: segments as pictures.
  case cocoPanoptic
  /// COCO's captions.
  case cocoCaptions

  /// What it is called.
  public var title: String {
    switch self {
    case .cvat: "CVAT's XML"
    case .kitti: "KITTI's text"
    case .dota: "DOTA's text"
    case .openImages: "a table of Open Images"
    case .boxTable: "a table of boxes"
    case .viaTable: "a table of VGG Image Annotator"
    case .viaJSON: "a project of VGG Image Annotator"
    case .labelme: "labelme's JSON"
    case .labelStudio: "Label Studio's JSON"
    case .supervisely: "Supervisely's JSON"
    case .datumaro: "Datumaro's JSON"
    case .createML: "Create ML's JSON"
    case .geoJSON: "GeoJSON"
    case .cocoResults: "a list of detections, COCO's format for results"
    case .cocoPanoptic: "COCO's panoptic format"
    case .cocoCaptions: "COCO's format for captions"
    }
  }

  /// What to do instead.
  public var cure: String {
    switch self {
    case .cvat:
      "export it from CVAT as \"COCO 1.0\", \"PASCAL VOC 1.1\" or \"Ultralytics YOLO Detection 1.0\""
    case .kitti: "convert it: CVAT imports \"KITTI\" and exports \"COCO 1.0\""
    case .dota:
      "convert it to COCO, or to YOLO's text with classes as numbers and corners as shares"
    case .openImages:
      "convert it to COCO: FiftyOne reads Open Images and exports \"COCODetectionDataset\""
    case .boxTable: "export it anew as COCO, Pascal VOC or YOLO (in Roboflow: Download, Format)"
    case .viaTable, .viaJSON: "in VIA choose Annotation, Export Annotations (COCO format)"
    case .labelme: "convert the folder to COCO: pip install labelme2coco, then labelme2coco FOLDER"
    case .labelStudio: "in Label Studio choose Export, COCO or YOLO with Images"
    case .supervisely: "in Supervisely run the app \"Export to COCO\" on the project"
    case .datumaro: "convert it: datum convert -if datumaro -i FOLDER -f coco_instances -o OUT"
    case .createML: "export it anew as COCO, Pascal VOC or YOLO (in Roboflow: Download, Format)"
    case .geoJSON: "cut the map into images and write their boxes in pixels as COCO"
    case .cocoResults:
      "truths are an object with \"images\", \"annotations\" and \"categories\"; detections go to "
        + "evaluate --detections"
    case .cocoPanoptic: "take the instances file of the same images (instances_….json)"
    case .cocoCaptions: "captions have no boxes: take the instances file (instances_….json)"
    }
  }

  /// Whether a file of this beginning is of the format.
  func isTold(by head: ContentHead) -> Bool {
    switch self {
    case .cvat: head.rootElement == "annotations"
    case .kitti: Self.areAll(head.lines, Self.isKITTI)
    case .dota: Self.isDOTA(head.lines)
    case .openImages: Self.columns(head, hold: ["imageid", "labelname", "xmin"])
    case .boxTable:
      Self.columns(head, hold: ["filename", "class", "xmin"])
        || Self.areAll(head.lines, Self.isTableRow)
    case .viaTable: Self.columns(head, hold: ["filename", "region_shape_attributes"])
    case .viaJSON: Self.keys(head, ["_via_settings"]) || Self.isVIA(head)
    case .labelme:
      Self.keys(head, ["shapes", "imagePath"]) || Self.keys(head, ["shapes", "shape_type"])
    case .labelStudio:
      Self.isList(head) && Self.keys(head, ["data", "annotations", "result"])
        || Self.isList(head) && Self.keys(head, ["image", "rectanglelabels"])
    case .supervisely:
      Self.keys(head, ["objects", "size", "tags"])
        || Self.keys(head, ["classTitle", "geometryType"])
    case .datumaro:
      Self.keys(head, ["dm_format_version"])
        || Self.keys(head, ["categories", "items", "label_id"])
    case .createML:
      Self.isList(head) && Self.keys(head, ["image", "annotations"]) && !Self.keys(head, ["data"])
    case .geoJSON: Self.keys(head, ["type", "features"]) && head.text.contains("FeatureCollection")
    case .cocoResults: Self.isList(head) && Self.keys(head, ["image_id", "category_id"])
    case .cocoPanoptic: Self.keys(head, ["segments_info"])
    case .cocoCaptions:
      Self.keys(head, ["annotations", "caption"]) && !Self.keys(head, ["bbox"])
    }
  }

  /// The format of a file with this beginning; nil: none of these.
  static func told(by head: ContentHead) -> ForeignFormat? {
    allCases.first { $0.isTold(by: head) }
  }

  /// The error that names it.
  func error(_ place: String) -> DataError {
    DataError(
      place: place, problem: "is \(title), which is not read", cure: cure, kind: .foreignFormat)
  }

  // MARK: Lines of text

  private static func areAll(_ lines: [String], _ fits: (String) -> Bool) -> Bool {
    !lines.isEmpty && lines.allSatisfy(fits)
  }

  private static func words(_ line: String) -> [Substring] {
    line.split(whereSeparator: \.isWhitespace)
  }

  private static func areNumbers(_ words: some Collection<Substring>) -> Bool {
    words.allSatisfy { Double($0) != nil }
  }

  /// `Car 0.00 0 -1.57 599.41 156.40 629.75 189.25 2.85 2.63 12.34 0.47 1.49 69.44 -1.56`, results with a score behind.
  private static func isKITTI(_ line: String) -> Bool {
    let words = words(line)
    return (15...16).contains(words.count) && Double(words[0]) == nil
      && areNumbers(words.dropFirst())
  }

  /// `x1 y1 x2 y2 x3 y3 x4 y4 plane 0`, below lines as `imagesource:GoogleEarth` and `gsd:0.14`.
  private static func isDOTA(_ lines: [String]) -> Bool {
    areAll(lines.filter { !$0.hasPrefix("imagesource:") && !$0.hasPrefix("gsd:") }) { line in
      let words = words(line)
      return (9...10).contains(words.count) && areNumbers(words.prefix(8))
        && Double(words[8]) == nil
    }
  }

  /// `images/a.jpg,10,20,30,40,tree`, as RetinaNet's example reads.
  private static func isTableRow(_ line: String) -> Bool {
    let cells = line.split(separator: ",", omittingEmptySubsequences: false)
    return cells.count == 6 && ImageNames.isPicture(String(cells[0])) && areNumbers(cells[1...4])
  }

  // MARK: JSON

  /// Whether all of these keys stand in the text, and it is JSON.
  private static func keys(_ head: ContentHead, _ names: [String]) -> Bool {
    head.looksLikeJSON && names.allSatisfy { head.text.contains("\"\($0)\"") }
  }

  private static func isList(_ head: ContentHead) -> Bool { head.first == "[" }

  /// The regions alone, by file name and size.
  private static func isVIA(_ head: ContentHead) -> Bool {
    keys(head, ["filename", "regions"])
      && (keys(head, ["shape_attributes"]) || keys(head, ["file_attributes"]))
  }

  private static func columns(_ head: ContentHead, hold names: [String]) -> Bool {
    let cells = (head.lines.first ?? "").lowercased().split { ",;\t".contains($0) }
      .map { String($0.trimmed { $0 == "\"" || $0 == " " }) }
    return cells.count > 2 && names.allSatisfy(cells.contains)
  }
}

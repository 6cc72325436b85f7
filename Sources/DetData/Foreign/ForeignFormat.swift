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
  /// A text file with the path of an image on every line, as Darknet's train.txt.
  case imageList
  /// Open Images: a table of boxes as shares of the image.
  case openImages
  /// A table of boxes in pixels, as TensorFlow's and RetinaNet's examples read.
  case boxTable
  /// VGG Image Annotator's table.
  case viaTable

  /// What it is called.
  public var title: String {
    switch self {
    case .cvat: "CVAT's XML"
    case .kitti: "KITTI's text"
    case .dota: "DOTA's text"
    case .imageList: "a list of images"
    case .openImages: "a table of Open Images"
    case .boxTable: "a table of boxes"
    case .viaTable: "a table of VGG Image Annotator"
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
    case .imageList:
      "name the folder of the images; labels are looked for beside them and in labels/"
    case .openImages:
      "convert it to COCO: FiftyOne reads Open Images and exports \"COCODetectionDataset\""
    case .boxTable: "export it anew as COCO, Pascal VOC or YOLO (in Roboflow: Download, Format)"
    case .viaTable: "in VIA choose Annotation, Export Annotations (COCO format)"
    }
  }

  /// Whether a file of this beginning is of the format.
  func isTold(by head: ContentHead) -> Bool {
    switch self {
    case .cvat: head.rootElement == "annotations"
    case .kitti: Self.areAll(head.lines(), Self.isKITTI)
    case .dota: Self.isDOTA(head.lines())
    case .imageList: Self.areAll(head.lines(), Self.isImagePath)
    case .openImages: Self.columns(head, hold: ["imageid", "labelname", "xmin"])
    case .boxTable:
      Self.columns(head, hold: ["filename", "class", "xmin"])
        || Self.areAll(head.lines(), Self.isTableRow)
    case .viaTable: Self.columns(head, hold: ["filename", "region_shape_attributes"])
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

  private static func isImagePath(_ line: String) -> Bool {
    let ending = FolderTree.ending(line)
    return ImageFile.endings.contains(ending) || FolderTree.otherPictureEndings.contains(ending)
  }

  /// `images/a.jpg,10,20,30,40,tree`, as RetinaNet's example reads.
  private static func isTableRow(_ line: String) -> Bool {
    let cells = line.split(separator: ",", omittingEmptySubsequences: false)
    return cells.count == 6 && isImagePath(String(cells[0])) && areNumbers(cells[1...4])
  }

  private static func columns(_ head: ContentHead, hold names: [String]) -> Bool {
    let cells = (head.lines(1).first ?? "").lowercased().split { ",;\t".contains($0) }
      .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "\" ")) }
    return cells.count > 2 && names.allSatisfy(cells.contains)
  }
}

import DetBasics
import Foundation

/// Reads Pascal VOC: one XML file per image.
///
/// VOC counts pixels from 1 and includes the last one, so that x0 = xmin - 1 and x1 = xmax. Files of tools
/// that count from 0 say so with `"firstPixel": 0`; then x0 = xmin.
struct VOCReader {
  private let source: DatasetSource
  private let firstPixel: Double
  private let imagesFolder: String
  private var intake = BoxIntake()
  private var classNames: [String] = []
  private var samples: [Sample] = []

  static func read(_ source: DatasetSource) throws -> Dataset {
    let path = source.annotations ?? ""
    let files = try annotationFiles(path, imageSet: source.imageSet)
    var reader = VOCReader(
      source: source, folder: Folder.isFolder(path) ? path : Folder.holding(path))
    for file in files { try reader.add(file) }
    return reader.dataset(name: path)
  }

  private init(source: DatasetSource, folder: String) {
    self.source = source
    firstPixel = Double(source.firstPixel ?? 1)
    let usual = Folder.join(Folder.holding(folder), "JPEGImages")
    imagesFolder = source.images ?? (Folder.isFolder(usual) ? usual : folder)
  }

  private static func annotationFiles(_ path: String, imageSet: String?) throws -> [String] {
    guard Folder.isFolder(path) else { return [path] }
    if let imageSet {
      let names = try TextFile.text(imageSet).split(whereSeparator: \.isNewline)
        .compactMap { $0.split(separator: " ").first.map(String.init) }
      return try names.map { try Folder.image(named: "\($0).xml", in: path, place: imageSet) }
    }
    let files = try Folder.files(in: path, endings: ["xml"])
    guard !files.isEmpty else {
      throw DataError(
        place: path, problem: "the folder has no XML files",
        cure: "give the folder of the VOC annotations")
    }
    return files
  }

  private mutating func add(_ file: String) throws {
    let root = try VOCXML.parse(try TextFile.bytes(file), place: file)
    guard let image = try imagePath(root, file: file) else { return }
    let size = try ImageFile.size(image)
    try checkSize(root, of: image, is: size, file: file)
    var boxes: [LabelledBox] = []
    for object in root.children where object.name == "object" {
      let place = "\(file):\(object.line)"
      let box = try box(object, place: place)
      if let kept = intake.take(box, in: size, place: place) { boxes.append(kept) }
    }
    samples.append(
      Sample(
        imageID: Int64(samples.count) + 1, content: .file(image), imageSize: size, boxes: boxes))
  }

  /// The image that `<filename>` names, or one with the annotation file's own name; nil: allowed to be missing.
  private mutating func imagePath(_ root: XMLElementNode, file: String) throws -> String? {
    let stem = Folder.stem(file)
    let stated = root.trimmedText("filename") ?? ""
    var names = ["jpg", "png", "jpeg", "JPG", "PNG", "JPEG"].map { "\(stem).\($0)" }
    if !stated.isEmpty { names.insert(stated, at: 0) }
    for name in names {
      let path = try Folder.image(named: name, in: imagesFolder, place: file)
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    let wanted = stated.isEmpty ? "\(stem).jpg" : stated
    if source.skipMissing ?? false {
      intake.note(.imageMissing, file, "the image \(wanted) is not in \(imagesFolder)")
      return nil
    }
    throw DataError(
      place: file, problem: "the image \(wanted) is not in \(imagesFolder)",
      cure: "check \"images\", or set \"skipMissing\": true to leave such images out")
  }

  private func checkSize(
    _ root: XMLElementNode, of image: String, is size: PixelSize, file: String
  ) throws {
    guard let stated = root.child("size"),
      let width = stated.trimmedText("width").flatMap(Int.init),
      let height = stated.trimmedText("height").flatMap(Int.init), width > 0, height > 0
    else { return }
    let said = PixelSize(width: width, height: height)
    guard said != size, said != size.turned else { return }
    throw DataError(
      place: "\(file):\(stated.line)",
      problem: "<size> says \(said), but \(image) is \(size)",
      cure: "give the images that were annotated, or mend the size in the file")
  }

  private mutating func box(_ object: XMLElementNode, place: String) throws -> LabelledBox {
    guard let name = object.trimmedText("name"), !name.isEmpty else {
      throw DataError(place: place, problem: "the <object> has no <name>", cure: "name its class")
    }
    guard let corners = object.child("bndbox") else {
      throw DataError(place: place, problem: "the <object> has no <bndbox>", cure: "state its box")
    }
    func number(_ key: String) throws -> Double {
      let text = corners.trimmedText(key)
      if let text, let value = Double(text), value.isFinite { return value }
      throw DataError(
        place: "\(place.split(separator: ":").dropLast().joined(separator: ":")):\(corners.line)",
        problem: text.map { "<\(key)> is \"\($0)\", no number" } ?? "the <bndbox> has no <\(key)>",
        cure: "state xmin, ymin, xmax and ymax in pixels")
    }
    let isDifficult = object.trimmedText("difficult") == "1"
    return LabelledBox(
      x0: try number("xmin") - firstPixel, y0: try number("ymin") - firstPixel,
      x1: try number("xmax"), y1: try number("ymax"), category: categoryIndex(name),
      isDifficult: isDifficult, isIgnored: isDifficult && source.ignoreDifficult ?? false)
  }

  private mutating func categoryIndex(_ name: String) -> Int {
    if let index = classNames.firstIndex(of: name) { return index }
    classNames.append(name)
    return classNames.count - 1
  }

  /// Classes are sorted by name, so that their order is not that of the files. A class that was asked for
  /// and never occurs is kept without boxes, unless its name looks like a slip.
  private func dataset(name: String) -> Dataset {
    let absent = (source.classes ?? []).filter { wanted in
      !classNames.contains(wanted) && Spelling.nearest(to: wanted, among: classNames) == nil
    }
    let sorted = (classNames + absent).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let newIndex = classNames.map { sorted.firstIndex(of: $0) ?? 0 }
    var dataset = Dataset(
      name: name,
      categories: sorted.enumerated().map { Category(id: Int64($0.offset) + 1, name: $0.element) },
      samples: samples, repairs: intake.repairs)
    for sample in dataset.samples.indices {
      for box in dataset.samples[sample].boxes.indices {
        let old = dataset.samples[sample].boxes[box].category
        dataset.samples[sample].boxes[box].category = newIndex[old]
      }
    }
    dataset.numberBoxes()
    return dataset
  }
}

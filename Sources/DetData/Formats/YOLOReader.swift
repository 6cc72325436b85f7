import DetBasics
import Foundation

/// Reads YOLO text: per image a file of lines `class x y width height`, the centre and size as shares of the
/// image. Images without a file have no boxes.
struct YOLOReader: DatasetReader {
  static let summary = "YOLO: one text file per image, boxes as shares of the image."
  static let takesClasses = true

  static let settings = SettingsTable<DatasetSource> {
    $0.optional(
      "classes", \.classes, "The names of the classes, which the files number from 0.",
      DatasetSource.classesRule, absent: "those of `classFile`, which is needed then")
    $0.include(DatasetSource.files)
    $0.path(
      "images", \.images, "The folder of images.", absent: "the folder of images",
      isRequired: true)
    $0.path(
      "annotations", \.annotations, "The folder of text files, one per image.",
      absent: "labels/… where the images are in images/…, or the folder of images")
    $0.check { source in
      source.classes == nil && source.classFile == nil
        ? "the key \"classes\" is missing: YOLO files name classes by number" : nil
    }
  }

  private let classCount: Int
  private var intake: BoxIntake
  private var samples: [Sample] = []

  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset {
    let folder = source.images ?? ""
    let classes = source.classes ?? []
    let (images, others) = try Folder.images(in: folder)
    let labels = source.annotations ?? usualLabels(of: folder) ?? folder
    guard Folder.isFolder(labels) else {
      throw DataError(place: labels, problem: "no such folder", cure: "check \"annotations\"")
    }
    var reader = YOLOReader(classCount: classes.count, intake: BoxIntake(policy))
    for other in others {
      reader.intake.note(.otherFile, other, "is no JPEG or PNG by its name and is left out")
    }
    for image in images {
      do { try reader.add(image, labels: labels) } catch { try reader.intake.fault(error) }
    }
    try reader.checkStrangers(in: labels, images: images)
    var dataset = Dataset(
      name: folder,
      categories: classes.enumerated().map { Category(id: Int64($0.offset) + 1, name: $0.element) },
      samples: reader.samples, repairs: reader.intake.repairs, faults: reader.intake.faults)
    dataset.numberBoxes()
    return dataset
  }

  /// The layout of the format's own tools: images/train beside labels/train; nil when it is not there.
  static func usualLabels(of images: String) -> String? {
    guard let range = images.range(of: "/images", options: .backwards) else { return nil }
    let labels = images.replacingCharacters(in: range, with: "/labels")
    return Folder.isFolder(labels) ? labels : nil
  }

  private init(classCount: Int, intake: BoxIntake) {
    self.classCount = classCount
    self.intake = intake
  }

  /// Label files for images that are not there mean that the two folders do not belong together.
  private mutating func checkStrangers(in labels: String, images: [String]) throws {
    let stems = Set(images.map(Folder.stem))
    for file in try Folder.files(in: labels, endings: ["txt"]) {
      let stem = Folder.stem(file)
      guard !stems.contains(stem), stem != "classes" else { continue }
      try intake.fault(
        DataError(
          place: file, problem: "there is no image of that name",
          cure: "check that \"annotations\" and \"images\" belong together", kind: .unknownImage))
    }
  }

  private mutating func add(_ image: String, labels: String) throws {
    let size = try ImageFile.size(image)
    var sample = Sample(
      imageID: Int64(samples.count) + 1, content: .file(image), imageSize: size)
    let file = Folder.join(labels, "\(Folder.stem(image)).txt")
    if FileManager.default.fileExists(atPath: file) {
      let lines = try Files.text(file).split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      for (index, line) in lines.enumerated() {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard !words.isEmpty else { continue }
        let place = "\(file):\(index + 1)"
        do {
          let box = try box(words, size: size, place: place)
          if let kept = intake.take(box, in: size, place: place) { sample.boxes.append(kept) }
        } catch {
          try intake.fault(error)
        }
      }
    }
    samples.append(sample)
  }

  private func box(_ words: [Substring], size: PixelSize, place: String) throws -> LabelledBox {
    guard words.count == 5 else {
      throw DataError(
        place: place, problem: "the line has \(words.count) words",
        cure: "a line reads: class x y width height")
    }
    guard let category = Int(words[0]), (0..<classCount).contains(category) else {
      throw DataError(
        place: place, problem: "the class is \"\(words[0])\"",
        cure: "it is a number from 0 to \(classCount - 1), as many as \"classes\" has",
        kind: .unknownClass)
    }
    let shares = try words.dropFirst().map { word in
      guard let share = Double(word), share.isFinite, abs(share) <= 4 else {
        throw DataError(
          place: place, problem: "\"\(word)\" is no share of the image",
          cure: "centre and size are numbers from 0 to 1")
      }
      return share
    }
    let width = Double(size.width)
    let height = Double(size.height)
    // Shares are written with six digits; a millionth of the image is their rounding, not an overhang.
    func edge(_ share: Double, _ length: Double) -> Double {
      let place = share * length
      if abs(place) < 2e-6 * length { return 0 }
      return abs(place - length) < 2e-6 * length ? length : place
    }
    return LabelledBox(
      x0: edge(shares[0] - shares[2] / 2, width), y0: edge(shares[1] - shares[3] / 2, height),
      x1: edge(shares[0] + shares[2] / 2, width), y1: edge(shares[1] + shares[3] / 2, height),
      category: category)
  }
}

import DetBasics
import DetJSON
import Foundation

/// Finds the images of a COCO file and gathers their boxes.
struct COCOImages {
  private let path: String
  private let folder: String
  private let skipsMissing: Bool
  private(set) var samples: [Sample] = []
  private var sampleOf: [Int64: Int] = [:]
  private var files: ListedImages
  private var shapes = BoxShapes()

  init(path: String, folder: String, skipsMissing: Bool) {
    self.path = path
    self.folder = folder
    self.skipsMissing = skipsMissing
    files = ListedImages(folder)
  }

  /// Finds the images of the list.
  mutating func add(_ file: COCOFile, _ intake: inout BoxIntake) throws {
    var seen: Set<Int64> = []
    var hasBoxes: Set<Int64> = []
    for annotation in file.annotations { hasBoxes.insert(annotation.image) }
    var first: [String: COCOFile.Image] = [:]
    for stated in file.images {
      let place = file.place(.images, stated.index)
      do {
        guard seen.insert(stated.id).inserted else {
          throw DataError(
            place: place, problem: "the id \(stated.id) is used twice", cure: "renumber the images",
            kind: .idTwice)
        }
        let name = stated.name
        guard let image = try files.find(name, place: "\(place).file_name", &intake) else {
          try intake.missing(name, in: folder, place: place, isAllowed: skipsMissing)
          continue
        }
        if let twin = first[image], hasBoxes.contains(twin.id), hasBoxes.contains(stated.id) {
          throw DataError(
            place: place,
            problem: "names the same file as images[\(twin.index)], \(image), and both have boxes",
            cure: "give all boxes of the file one image_id", kind: .imageTwice)
        }
        // Of two entries for one file, that with boxes stays.
        if let twin = first[image], !hasBoxes.contains(stated.id) {
          intake.leaveOut(
            .image, .imageListedTwice, place,
            "has no boxes and names the same file as images[\(twin.index)]; it is left out")
          continue
        }
        let size = try stated.size ?? ImageFile.size(image)
        if let twin = first[image], let old = sampleOf.removeValue(forKey: twin.id) {
          intake.leaveOut(
            .image, .imageListedTwice, file.place(.images, twin.index),
            "has no boxes and names the same file as images[\(stated.index)]; it is left out")
          samples[old] = Sample(imageID: stated.id, content: .file(image), imageSize: size)
          sampleOf[stated.id] = old
        } else {
          sampleOf[stated.id] = samples.count
          samples.append(Sample(imageID: stated.id, content: .file(image), imageSize: size))
        }
        first[image] = stated
      } catch {
        try intake.fault(error, losing: .image)
      }
    }
    noteLVIS(file, &intake)
    files.noteOthers(of: path, &intake)
  }

  /// Adds a box to its image; one of an image that is not used, which is listed itself, is counted.
  mutating func add(
    _ stated: COCOFile.Annotation, category: Int, place: String, _ intake: inout BoxIntake
  ) {
    guard let sample = sampleOf[stated.image] else { return intake.leaveOutLabels(1) }
    let box = LabelledBox(
      x0: stated.box.x, y0: stated.box.y, x1: stated.box.x + stated.box.width,
      y1: stated.box.y + stated.box.height, category: category, isCrowd: stated.isCrowd,
      isIgnored: stated.isCrowd || stated.isIgnored, area: stated.area, id: stated.id)
    shapes.add(box, in: samples[sample].imageSize)
    if let kept = intake.take(box, in: samples[sample].imageSize, place: place) {
      samples[sample].boxes.append(kept)
    }
  }

  /// Whether the boxes together look like boxes of another kind.
  func check(_ intake: inout BoxIntake) throws {
    guard let problem = shapes.problem else { return }
    try intake.fault(
      DataError(
        place: "\(path): annotations", problem: problem,
        cure:
          "write \"bbox\": [x, y, width, height] in pixels, x and y being the upper left corner",
        kind: .boxesOfOtherKind))
  }

  private func noteLVIS(_ file: COCOFile, _ intake: inout BoxIntake) {
    let count = file.images.count { $0.isNotExhaustive }
    guard count > 0 else { return }
    intake.note(
      .notExhaustive, path,
      "\(count) images have classes of which not all objects are labelled (LVIS); what is found of them counts as wrong "
        + "here, as in COCO's evaluation")
  }
}

import DetBasics

extension DatasetDoctor {
  /// What the reader had to repair without being asked to.
  func repairFindings() -> [Finding] {
    dataset.repairs.compactMap { repair in
      repair.kind.finding.map {
        Finding(kind: $0.kind, place: repair.place, detail: repair.detail, cure: $0.cure)
      }
    }
  }

  func fileFindings() -> [Finding] {
    survey.files.compactMap { file in
      let entry = survey.entries[file.path]
      if let problem = entry?.problem { return problem }
      guard entry?.isBlank ?? false else { return nil }
      return Finding(
        kind: .imageBlank, place: file.path, detail: "every pixel has the same colour",
        cure: "check whether the image was damaged in transfer")
    }
  }

  // MARK: - The same content twice

  func contentFindings(against other: DatasetDoctor?) -> [Finding] {
    listedTwice() + copies() + (other.map(leakage) ?? [])
  }

  /// A file that stands for several whole images of the data set.
  private func listedTwice() -> [Finding] {
    struct Place: Hashable {
      let path: String
      let region: PixelRegion?
    }
    var first: [Place: Int64] = [:]
    return dataset.samples.compactMap { sample in
      guard case .file(let path) = sample.content else { return nil }
      let place = Place(path: path, region: sample.region)
      guard let twin = first[place] else {
        first[place] = sample.imageID
        return nil
      }
      return Finding(
        kind: .imageTwice, place: sample.place,
        detail: "is listed as the images \(twin) and \(sample.imageID)",
        cure: "leave one of them out")
    }
  }

  private func copies() -> [Finding] {
    var first = ContentIndex()
    var alike = LikenessIndex()
    return survey.files.compactMap { file in
      guard let entry = survey.entries[file.path] else { return nil }
      if let twin = first.twin(of: entry) {
        return Finding(
          kind: .imageTwice, place: file.path, detail: "\(twin.likeness) as \(twin.path)",
          cure: "leave one of them out")
      }
      first.add(entry, file.path)
      guard let likeness = entry.likeness else { return nil }
      let near = alike.nearest(to: likeness)
      alike.add(likeness, file.path)
      return near.map { near in
        Finding(
          kind: .nearDuplicate, place: file.path,
          detail: "looks like \(near.path) (\(Self.words(near.bits)))",
          cure: "look at both; leave one out if it is a copy")
      }
    }
  }

  private static func words(_ bits: Int) -> String { "\(bits) of 64 bits differ" }

  private func leakage(to other: DatasetDoctor) -> [Finding] {
    var own = ContentIndex()
    var alike = LikenessIndex()
    for file in survey.files {
      guard let entry = survey.entries[file.path] else { continue }
      own.add(entry, file.path)
      if let likeness = entry.likeness { alike.add(likeness, file.path) }
    }
    return other.survey.files.compactMap { file in
      guard let entry = other.survey.entries[file.path] else { return nil }
      if let twin = own.twin(of: entry) {
        return Finding(
          kind: .leakage, place: twin.path,
          detail: file.path == twin.path
            ? "is in both data sets"
            : "has \(twin.likeness) as \(file.path) of the other data set",
          cure: "what is measured on must not be learnt from: leave it out of one")
      }
      return entry.likeness.flatMap(alike.nearest).map { near in
        Finding(
          kind: .nearLeakage, place: near.path,
          detail: "looks like \(file.path) of the other data set (\(Self.words(near.bits)))",
          cure: "look at both; if one is a copy or a neighbour in a video, leave it out of one set")
      }
    }
  }

  // MARK: - Boxes and classes

  func boxFindings() -> [Finding] {
    dataset.samples.flatMap { sample in
      sample.boxes.indices.flatMap { index -> [Finding] in
        let box = sample.boxes[index]
        var findings: [Finding] = []
        if !box.isIgnored, min(box.width, box.height) < 2 {
          findings.append(
            Finding(
              kind: .boxTiny, place: sample.place,
              detail: "the \(name(box)) at \(BoxIntake.words(box)) is less than two pixels thin",
              cure: "check that it is intended"))
        }
        if !box.isIgnored, sample.boxes[..<index].contains(where: { isTwice($0, box) }) {
          findings.append(
            Finding(
              kind: .boxTwice, place: sample.place,
              detail: "the \(name(box)) at \(BoxIntake.words(box)) is there twice",
              cure: "remove one of the two"))
        }
        return findings
      }
    }
  }

  private func isTwice(_ a: LabelledBox, _ b: LabelledBox) -> Bool {
    a.category == b.category && a.isCrowd == b.isCrowd && a.overlap(with: b) > 0.95
  }

  private func name(_ box: LabelledBox) -> String { dataset.categories[box.category].name }

  func classFindings(against other: DatasetDoctor?) -> [Finding] {
    let isClassified = dataset.samples.contains { $0.label != nil }
    let empty = classCounts().filter { isClassified ? $0.images == 0 : $0.boxes == 0 }
    var findings = empty.map { count in
      Finding(
        kind: .classEmpty, place: dataset.name,
        detail: "the class \(count.name) has no \(isClassified ? "images" : "boxes")",
        cure: "leave it out of \"classes\", or add images of it")
    }
    let names = dataset.categories.map(\.name)
    if let other = other?.dataset, other.categories.map(\.name) != names {
      findings.append(
        Finding(
          kind: .classesDiffer, place: dataset.name,
          detail: "the classes are \(names.joined(separator: ", ")); in \(other.name) they are "
            + other.categories.map(\.name).joined(separator: ", "),
          cure: "name the same \"classes\" in the same order for both"))
    }
    return findings
  }
}

/// Images by content: by the bytes of their files, or by their pixels where those were looked at.
struct ContentIndex {
  private var byBytes: [UInt64: String] = [:]
  private var byPixels: [UInt64: String] = [:]

  mutating func add(_ entry: ImageSurvey.Entry, _ path: String) {
    if let bytes = entry.bytes, byBytes[bytes] == nil { byBytes[bytes] = path }
    if let pixels = entry.pixels, byPixels[pixels] == nil { byPixels[pixels] = path }
  }

  /// An image of the same content; one of a single colour is like others by its bytes alone.
  func twin(of entry: ImageSurvey.Entry) -> (path: String, likeness: String)? {
    if let path = entry.bytes.flatMap({ byBytes[$0] }) { return (path, "the same content") }
    guard !entry.isBlank, let path = entry.pixels.flatMap({ byPixels[$0] }) else { return nil }
    return (path, "the same pixels")
  }
}

extension Repair.Kind {
  /// What the doctor makes of such a repair; nil for one that is plain and leaves nothing to mend.
  fileprivate var finding: (kind: Finding.Kind, cure: String)? {
    switch self {
    case .boxClipped: (.boxClipped, "correct the annotation, if the image is the right one")
    case .boxWithoutArea: (.boxWithoutArea, "remove or correct the annotation")
    case .imageMissing: (.imageMissing, "copy it again, or leave the image out")
    case .annotationIDZero: (.annotationIDZero, "number the annotations from 1")
    case .classWithoutBoxes: (.classEmpty, "remove it from the file")
    case .imageListedTwice: (.imageTwice, "leave one of them out")
    case .otherClass, .boxCutByTile, .classRenamed, .labelWithoutBox, .otherFile, .nameForm,
      .nameEnding, .nameSeparators, .nameFolder, .nameOfAnnotation, .sizeTurned,
      .orientationUnclear, .outlineBoxed, .valuesLeftOut, .numberForm, .labelFileTwice,
      .imageWithoutLabels, .notListed, .listedTwice, .hiddenFile, .folderTwice, .idGiven,
      .listAsObject,
      .notExhaustive:
      nil
    }
  }
}

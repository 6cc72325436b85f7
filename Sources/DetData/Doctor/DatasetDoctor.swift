import DetBasics
import Foundation

/// Looks a data set over: what is in it, and what will hurt.
///
/// ```swift
/// let report = DatasetDoctor(validation).examine(against: training)
/// print(report.text())
/// ```
public struct DatasetDoctor: Sendable {
  private let dataset: Dataset
  private let decodesImages: Bool
  private typealias Finding = DatasetReport.Finding

  /// A doctor for one data set; decoding every image finds the broken ones and takes its time.
  public init(_ dataset: Dataset, decodesImages: Bool = true) {
    self.dataset = dataset
    self.decodesImages = decodesImages
  }

  /// Examines the data set, and with `other` (its training set, say) also what they share.
  public func examine(against other: Dataset? = nil) -> DatasetReport {
    let boxes = dataset.samples.flatMap(\.boxes)
    let findings = [
      fileFindings(), contentFindings(against: other), boxFindings(), classFindings(against: other),
    ].flatMap { $0 }
    var repairs: [String: Int] = [:]
    for (kind, count) in dataset.repairCounts { repairs[kind.rawValue] = count }
    return DatasetReport(
      name: dataset.name, images: dataset.samples.count,
      emptyImages: dataset.samples.count { $0.boxes.isEmpty }, boxes: boxes.count,
      classes: classCounts(), imageWidth: Spread(dataset.samples.map { Double($0.width) }),
      imageHeight: Spread(dataset.samples.map { Double($0.height) }),
      boxesPerImage: Spread(dataset.samples.map { Double($0.boxes.count) }),
      boxSide: Spread(boxes.map { $0.boxArea.squareRoot() }),
      aspectRatio: Spread(boxes.map { $0.width / $0.height }),
      findings: DatasetReport.Finding.Kind.allCases.flatMap { kind in
        findings.filter { $0.kind == kind }
      }, repairs: repairs)
  }

  private func classCounts() -> [DatasetReport.ClassCount] {
    var boxes = [[LabelledBox]](repeating: [], count: dataset.categories.count)
    var images = [Int](repeating: 0, count: dataset.categories.count)
    for sample in dataset.samples {
      for category in Set(sample.boxes.map(\.category)) { images[category] += 1 }
      for box in sample.boxes { boxes[box.category].append(box) }
    }
    return dataset.categories.enumerated().map { index, category in
      let areas = boxes[index].map { $0.area ?? $0.boxArea }
      return DatasetReport.ClassCount(
        name: category.name, images: images[index], boxes: areas.count,
        small: areas.count { $0 < 1024 }, medium: areas.count { $0 >= 1024 && $0 < 9216 },
        large: areas.count { $0 >= 9216 }, ignored: boxes[index].count { $0.isIgnored })
    }
  }

  // MARK: - Files

  /// One sample per file, in order: tiles of an image share it.
  private static func files(of dataset: Dataset) -> [Sample] {
    var seen: Set<String> = []
    return dataset.samples.filter { sample in
      if case .file(let path) = sample.content { return seen.insert(path).inserted }
      return false
    }
  }

  private func fileFindings() -> [Finding] {
    let files = Self.files(of: dataset)
    let found = OrderedResults<Finding?>(count: files.count)
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      found.set(index, decodesImages ? Self.problem(files[index]) : Self.absence(files[index]))
    }
    return found.values.compactMap { $0 ?? nil }
  }

  private static func absence(_ sample: Sample) -> Finding? {
    guard !FileManager.default.fileExists(atPath: sample.path) else { return nil }
    return Finding(
      kind: .imageMissing, place: sample.path, detail: "the file is not there",
      cure: "copy it again, or leave the image out")
  }

  private static func problem(_ sample: Sample) -> Finding? {
    if let absent = absence(sample) { return absent }
    do {
      _ = try sample.wholePicture(limits: ImageLimits())
      return nil
    } catch {
      let detail = (error as? DataError)?.problem ?? "\(error)"
      return Finding(
        kind: .imageBroken, place: sample.path, detail: detail,
        cure: (error as? DataError)?.cure ?? "copy it again, or leave it out")
    }
  }

  // MARK: - The same content twice

  private func contentFindings(against other: Dataset?) -> [Finding] {
    let own = Self.files(of: dataset).map(\.path)
    let others = other.map { Self.files(of: $0).map(\.path) } ?? []
    let prints = ContentPrints(own + others)
    var first: [String: String] = [:]
    var findings: [Finding] = []
    for path in own {
      guard let print = prints.print(of: path) else { continue }
      guard let twin = first[print] else {
        first[print] = path
        continue
      }
      findings.append(
        Finding(
          kind: .imageTwice, place: path, detail: "the same content as \(twin)",
          cure: "leave one of them out"))
    }
    for path in others {
      guard let print = prints.print(of: path), let twin = first[print] else { continue }
      findings.append(
        Finding(
          kind: .leakage, place: twin,
          detail: path == twin
            ? "is in both data sets" : "has the same content as \(path) of the other data set",
          cure: "what is measured on must not be learnt from: leave it out of one"))
    }
    return findings
  }

  // MARK: - Boxes and classes

  private func boxFindings() -> [Finding] {
    dataset.samples.flatMap { sample in
      sample.boxes.indices.flatMap { index -> [Finding] in
        let box = sample.boxes[index]
        var findings: [Finding] = []
        if min(box.width, box.height) < 2 {
          findings.append(
            Finding(
              kind: .boxTiny, place: sample.place,
              detail: "the \(name(box)) at \(BoxIntake.words(box)) is less than two pixels thin",
              cure: "look whether it is meant"))
        }
        if sample.boxes[..<index].contains(where: { Self.overlap($0, box) > 0.95 }) {
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

  private func name(_ box: LabelledBox) -> String { dataset.categories[box.category].name }

  /// Intersection over union of two boxes of one class; 0 for others.
  private static func overlap(_ a: LabelledBox, _ b: LabelledBox) -> Double {
    guard a.category == b.category, a.isCrowd == b.isCrowd else { return 0 }
    let width = min(a.x1, b.x1) - max(a.x0, b.x0)
    let height = min(a.y1, b.y1) - max(a.y0, b.y0)
    guard width > 0, height > 0 else { return 0 }
    let both = width * height
    return both / (a.boxArea + b.boxArea - both)
  }

  private func classFindings(against other: Dataset?) -> [Finding] {
    let counts = classCounts()
    var findings = counts.filter { $0.boxes == 0 }.map { count in
      Finding(
        kind: .classEmpty, place: dataset.name, detail: "the class \(count.name) has no boxes",
        cure: "leave it out of \"classes\", or add images of it")
    }
    let names = dataset.categories.map(\.name)
    if let other, other.categories.map(\.name) != names {
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

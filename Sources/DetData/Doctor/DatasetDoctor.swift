import DetBasics

/// Examines a data set: what is in it, and what will cause trouble.
///
/// ```swift
/// let data = try Dataset.load(source, faults: .collect)
/// let report = DatasetDoctor(data).examine(against: DatasetDoctor(training))
/// print(report.text())
/// ```
public struct DatasetDoctor: Sendable {
  /// The data set.
  public let dataset: Dataset
  let survey: ImageSurvey

  /// A doctor for one data set; reads every image, and decodes it to find the broken ones, which takes time.
  public init(_ dataset: Dataset, decodesImages: Bool = true) {
    self.dataset = dataset
    survey = ImageSurvey(dataset, decodesImages: decodesImages)
  }

  /// Examines the data set, and with `other` (its training set, say) also what they share.
  ///
  /// With `anchors`, also how well they would cover the boxes at each of `inputs`, were the images cut into `tiles`.
  /// `judged`: how many detections of an image are kept and judged, by the recipe or by default.
  public func examine(
    against other: DatasetDoctor? = nil, anchors: DetectorAnchors? = nil, inputs: [PixelSize] = [],
    tiles: Tiling? = nil, judged: Int = 100
  ) -> DatasetReport {
    let seen = tiles.map(dataset.tiled) ?? dataset
    let boxes = dataset.samples.flatMap(\.boxes)
    // What a tile's edge leaves of an object says nothing of objects.
    let objects = boxes.filter { !$0.isIgnored }
    let findings =
      dataset.faults + repairFindings() + fileFindings() + contentFindings(against: other)
      + boxFindings() + classFindings(against: other) + countFindings(in: seen, judged: judged)
    var repairs: [String: Int] = [:]
    for (kind, count) in dataset.repairCounts { repairs[kind.rawValue] = count }
    return DatasetReport(
      name: dataset.name, account: dataset.account, images: dataset.samples.count,
      emptyImages: dataset.samples.count { $0.boxes.isEmpty && $0.label == nil },
      boxes: boxes.count, classes: classCounts(),
      imageWidth: Spread(dataset.samples.map { Double($0.width) }),
      imageHeight: Spread(dataset.samples.map { Double($0.height) }),
      boxesPerImage: Spread(dataset.samples.map { Double($0.boxes.count { !$0.isIgnored }) }),
      boxSide: Spread(objects.map { $0.boxArea.squareRoot() }),
      aspectRatio: Spread(objects.map { $0.width / $0.height }),
      sides: Histogram(objects.map { $0.boxArea.squareRoot() }, edges: Histogram.sides),
      aspectRatios: Histogram(objects.map { $0.width / $0.height }, edges: Histogram.ratios),
      tileSide: tiles?.size,
      coverage: anchors.map { anchors in
        inputs.map { AnchorCoverage(seen, input: $0, anchors: anchors) }
      } ?? [],
      oddest: OddSampleSearch(dataset, survey).found,
      findings: Finding.Kind.allCases.flatMap { kind in findings.filter { $0.kind == kind } },
      repairs: repairs, repairList: dataset.repairs)
  }

  func classCounts() -> [DatasetReport.ClassCount] {
    var boxes = [[LabelledBox]](repeating: [], count: dataset.categories.count)
    var images = [Int](repeating: 0, count: dataset.categories.count)
    for sample in dataset.samples {
      for category in Set(sample.boxes.map(\.category) + (sample.label.map { [$0] } ?? [])) {
        images[category] += 1
      }
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
}

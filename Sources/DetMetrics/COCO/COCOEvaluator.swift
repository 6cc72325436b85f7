import DetBasics
import Synchronization

/// Measures a detector against the truth as the COCO challenge does.
///
/// Detections come image by image while a detector runs, or from a file; the order of images does not
/// matter, nor whether an image's detections come at once. The numbers are those of pycocotools 2.0.11,
/// to the last bits.
///
/// ```swift
/// var evaluator = COCOEvaluator(truth: try COCOTruthFile.read("truth.json"))
/// try evaluator.add(resultsFile: "detections.json")
/// print(evaluator.finish().summary.AP)
/// ```
public struct COCOEvaluator: Sendable {
  /// What the detections are measured against.
  public let truth: GroundTruth
  /// What the evaluation runs over.
  public let parameters: COCOParameters
  /// How many threads `finish` and file reading use.
  public var threads: Int
  /// True to pass over detections of categories that the truth lacks, as pycocotools does in silence;
  /// false, the default, to refuse them. Those passed over are counted in ``skippedDetections``.
  public var skipsUnknownCategories = false
  /// How many detections were passed over.
  public private(set) var skippedDetections = 0

  let index: TruthIndex
  private(set) var store = DetectionStore()

  /// Prepares an evaluation; without a number of threads, one per core is used.
  public init(
    truth: GroundTruth, parameters: COCOParameters = COCOParameters(), threads: Int? = nil
  ) {
    self.truth = truth
    self.parameters = parameters
    self.threads = max(1, threads ?? Threads.available)
    index = TruthIndex(truth, parameters)
  }

  /// How many detections were added.
  public var count: Int { store.count }

  /// Adds what a detector reports on one image; every detection must name that image.
  ///
  /// - Throws: ``MetricsError`` when the truth lacks the image or a category, or a number is not valid.
  public mutating func add(image: Int64, detections: [DetectionEntry]) throws {
    if let place = detections.firstIndex(where: { $0.imageID != image }) {
      let problem = "the detection names image \(detections[place].imageID), not \(image)"
      throw MetricsError.badValue(list: "detections", index: place, problem: problem)
    }
    try add(contentsOf: detections)
  }

  /// Adds detections of any images.
  ///
  /// - Throws: ``MetricsError`` when the truth lacks an image or a category, or a number is not valid; the
  ///   detections before that one are added.
  public mutating func add(contentsOf detections: some Sequence<DetectionEntry>) throws {
    store.reserve(detections.underestimatedCount)
    for (place, detection) in detections.enumerated() {
      if let problem = detection.box.problem {
        throw MetricsError.badValue(list: "detections", index: place, problem: problem)
      }
      guard detection.score.isFinite else {
        let problem = "the score \(detection.score) is not finite"
        throw MetricsError.badValue(list: "detections", index: place, problem: problem)
      }
      try enter(
        detection.imageID, detection.categoryID, detection.box, detection.score, place: place)
    }
  }

  /// Adds a detection whose numbers are known to be sound.
  @inline(__always)
  mutating func enter(
    _ imageID: Int64, _ categoryID: Int64, _ box: COCOBox, _ score: Double, place: Int
  ) throws {
    guard store.enter(imageID: imageID, in: index.images) else {
      throw MetricsError.unknownImage(list: "detections", index: place, id: imageID)
    }
    guard let category = index.categories.index(of: categoryID) else {
      guard skipsUnknownCategories else {
        throw MetricsError.unknownCategory(
          list: "detections", index: place, id: categoryID, known: index.categories.ids)
      }
      skippedDetections += 1
      return
    }
    store.append(box, score, category: category)
  }

  /// Matches, counts and averages all that was added; more may be added afterwards.
  public func finish() -> COCOResult {
    COCOResult(
      categories: truth.categories.sorted { $0.id < $1.id }, parameters: parameters,
      tables: tables(), imageCount: truth.images.count, detectionCount: store.count)
  }

  /// The same detections, judged without pycocotools' reading of the id 0; see ``COCOParameters/matchesIDZero``.
  func matchingIDZero() -> COCOEvaluator {
    var parameters = self.parameters
    parameters.matchesIDZero = true
    var other = COCOEvaluator(truth: truth, parameters: parameters, threads: threads)
    other.store = store
    return other
  }

  /// The places of image and category of every detection.
  var places: some Sequence<(Int32, Int32)> { store.records.lazy.map { ($0.image, $0.category) } }

  private func tables() -> COCOTables {
    var tables = COCOTables(classes: index.classCount, parameters)
    tables.withSlots { slots in
      forEachClass(parameters, into: slots) { _, _, _, _, _ in }
    }
    return tables
  }

  /// Every class with what became of its detections, for averages over weighted images; with `iou` at that overlap alone.
  func ranked(iou: Double? = nil) -> RankedResults {
    var parameters = overall
    if let iou { parameters.iouThresholds = [iou] }
    let classes = perClass(parameters) { evaluator, records, truths, view in
      evaluator.ranked(records, truths: truths, view)
    }
    return RankedResults(
      classes: classes.values, imageCount: index.images.count,
      thresholdCount: parameters.iouThresholds.count,
      recallThresholds: parameters.recallThresholds)
  }

  /// Counts right and wrong detections at and above each of some scores.
  ///
  /// - Parameters:
  ///   - scores: the scores, rising.
  ///   - iou: how far a detection must overlap a truth to be right.
  /// - Returns: the counts of every class with truth, in the order of the classes' ids.
  public func counts(atScores scores: [Double], iou: Double = 0.5) -> [ScoreCounts] {
    var parameters = overall
    parameters.iouThresholds = [iou]
    let classes = perClass(parameters) { evaluator, records, _, _ in
      evaluator.counts(atScores: scores, records)
    }
    let categories = truth.categories.sorted { $0.id < $1.id }
    return zip(classes.values, classes.tables.truthCounts).enumerated().compactMap { place, found in
      let ((right, wrong), truths) = found
      guard truths > 0 else { return nil }
      return ScoreCounts(
        category: parameters.usesCategories ? categories[place] : nil, truths: truths, right: right,
        wrong: wrong)
    }
  }

  /// The parameters for all areas and the largest limit alone.
  private var overall: COCOParameters {
    var overall = parameters
    overall.areaRanges = [.all]
    overall.detectionLimits = [parameters.detectionLimits.last ?? 100]
    return overall
  }

  /// Evaluates every class; what `body` makes of each just after, in the order of the classes, and the tables.
  private func perClass<Value: Sendable>(
    _ parameters: COCOParameters,
    _ body:
      @escaping @Sendable (
        ClassEvaluator, UnsafeBufferPointer<DetectionStore.Record>, Range<Int>, TruthView
      ) -> Value
  ) -> (values: [Value], tables: COCOTables) {
    var tables = COCOTables(classes: index.classCount, parameters)
    let values = Mutex([Int: Value]())
    tables.withSlots { slots in
      forEachClass(parameters, into: slots) { place, evaluator, records, truths, view in
        let value = body(evaluator, records, truths, view)
        values.withLock { $0[place] = value }
      }
    }
    return (values.withLock { found in found.sorted { $0.key < $1.key }.map(\.value) }, tables)
  }

  /// Evaluates every class on this evaluator's threads; `visit` sees each just after.
  private func forEachClass(
    _ parameters: COCOParameters, into slots: TableSlots,
    _ visit:
      @Sendable (
        Int, ClassEvaluator, UnsafeBufferPointer<DetectionStore.Record>, Range<Int>, TruthView
      ) -> Void
  ) {
    let (places, starts) = store.order(
      classCount: index.classCount, index, usesCategories: parameters.usesCategories)
    let sizes = (0..<index.classCount).map { starts[$0 + 1] - starts[$0] }
    // The largest class first: the threads then end at about the same time.
    let work = sizes.indices.sorted { left, right in
      sizes[left] != sizes[right] ? sizes[left] > sizes[right] : left < right
    }
    index.withView { view in
      store.withView { lent in
        Threads.share(work, among: threads) { next in
          let evaluator = ClassEvaluator(parameters)
          while let one = next() {
            let truths = index.starts[one]..<index.starts[one + 1]
            places[starts[one]..<starts[one + 1]].withUnsafeBufferPointer { part in
              evaluator.evaluate(
                one, lent.records, order: part, truths: truths, view, into: slots)
            }
            visit(one, evaluator, lent.records, truths, view)
          }
        }
      }
    }
  }
}

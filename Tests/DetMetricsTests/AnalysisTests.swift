import DetBasics
import DetMetrics
import TestSupport
import Testing

@Suite struct ErrorAnalysisTests {
  /// One detection of every kind on one image of two classes.
  private static func analysis() throws -> ErrorAnalysis {
    let truth = try Scene.truth([
      (1, 1, [0, 0, 10, 10]), (1, 1, [20, 0, 10, 10]), (1, 2, [40, 0, 10, 10]),
      (1, 2, [60, 0, 10, 10]), (1, 2, [80, 0, 10, 10]),
    ])
    var evaluator = COCOEvaluator(truth: truth)
    try evaluator.add(contentsOf: [
      Scene.detection(1, 1, [0, 0, 10, 10], 0.9),  // right
      Scene.detection(1, 1, [0, 0, 10, 9], 0.8),  // found before
      Scene.detection(1, 1, [26, 0, 10, 10], 0.7),  // overlap 0.25
      Scene.detection(1, 1, [40, 0, 10, 10], 0.6),  // of class 2
      Scene.detection(1, 1, [66, 0, 10, 10], 0.5),  // of class 2, overlap 0.25
      Scene.detection(1, 1, [0, 60, 10, 10], 0.4),  // nothing there
    ])
    return ErrorAnalysis(evaluator)
  }

  @Test func everyWrongDetectionHasOneKind() throws {
    let counts = try Self.analysis().counts
    #expect(
      counts == [
        .classification: 1, .localization: 1, .both: 1, .duplicate: 1, .background: 1, .missed: 2,
      ])
  }

  @Test func gainsAreWhatMendingAddsToAP() throws {
    let analysis = try Self.analysis()
    // Class 1: one of two found, first: 51 recalls at precision 1. Class 2: none of three.
    let base = 51.0 / 101 / 2
    #expect(abs(analysis.averagePrecision - base) <= 1e-12)
    // The sloppy box found its truth at place three of three: precision 2/3 over the other 50 recalls.
    let localized = (51 + 50 * 2.0 / 3) / 101 / 2
    #expect(abs((analysis.gains[.localization] ?? 0) - (localized - base)) <= 1e-12)
    // Class 2 gets one of three, first: recalls up to 1/3, which are 34.
    #expect(abs((analysis.gains[.classification] ?? 0) - 34.0 / 101 / 2) <= 1e-12)
    // Wrong detections after the last right one cost nothing.
    #expect(analysis.gains[.background] == 0)
    #expect(analysis.gains[.duplicate] == 0)
    // Of class 2 only the truth that the misclassified detection covers is left to ask for.
    #expect(analysis.gains[.missed] == 0)
  }

  @Test func withoutTruthThereIsNoAP() throws {
    var evaluator = COCOEvaluator(truth: try Scene.truth([]))
    try evaluator.add(contentsOf: [Scene.detection(1, 1, [0, 0, 10, 10], 0.9)])
    let analysis = ErrorAnalysis(evaluator)
    #expect(analysis.averagePrecision == -1)
    #expect(analysis.counts[.background] == 1)
    #expect(analysis.gains[.background] == 0)
  }
}

private struct TideGolden: Decodable {
  struct Truth: Decodable {
    let image: Int64
    let `class`: Int64
    let box: [Double]
  }
  struct Found: Decodable {
    let image: Int64
    let `class`: Int64
    let box: [Double]
    let score: Double
  }
  struct Case: Decodable {
    let truths: [Truth]
    let found: [Found]
    let AP: Double
    let counts: [String: Int]
    let gains: [String: Double]
  }
  let tidecv: String
  let cases: [Case]
}

@Suite struct TideTests {
  @Test func everyCountAndGainEqualsTidecv() throws {
    let golden = try Golden.read(TideGolden.self, "tide.json")
    for (number, one) in golden.cases.enumerated() {
      let classes = Set(one.truths.map(\.class)).sorted()
      let truths = one.truths.map { ($0.image, $0.class, $0.box) }
      var evaluator = COCOEvaluator(truth: try Scene.truth(truths, categories: classes))
      try evaluator.add(
        contentsOf: one.found.map { Scene.detection($0.image, $0.class, $0.box, $0.score) })
      let analysis = ErrorAnalysis(evaluator)
      #expect(abs(analysis.averagePrecision - one.AP) <= 1e-12, "case \(number)")
      for kind in ErrorAnalysis.Kind.allCases {
        let name = kind.rawValue
        #expect(analysis.counts[kind] == one.counts[name], "case \(number): \(name)")
        let gain = max(0, analysis.gains[kind] ?? -1)  // tidecv shows no loss
        #expect(abs(gain - (one.gains[name] ?? -1)) <= 1e-12, "case \(number): \(name)")
      }
    }
  }
}

@Suite struct BootstrapTests {
  private let generator = Generator(seed: 7)

  @Test func valueIsTheMeasuredAP() throws {
    let evaluator = try Scene.evaluator(shift: 2)
    let interval = Bootstrap.interval(evaluator, samples: 200, generator: generator)
    #expect(abs(interval.value - evaluator.finish().summary.AP) <= 1e-12)
    #expect(interval.lower < interval.value && interval.value < interval.upper)
    #expect(interval.standardError > 0)
  }

  /// With many rare classes every draw's AP is above the measured one: images drawn twice flatter it.
  @Test func theIntervalOfManyRareClassesHoldsTheMeasuredAP() throws {
    var generator = Generator(seed: 5)
    var truths: [(Int64, Int64, [Double])] = []
    for category in Int64(1)...40 {
      for place in 0..<3 {
        let image = Int64(1 + generator.index(below: 60))
        truths.append((image, category, [30 * Double(place), 10, 20, 20]))
      }
    }
    var evaluator = COCOEvaluator(
      truth: try Scene.truth(truths, categories: Array(1...40), images: 60), threads: 2)
    for (image, category, box) in truths {
      let isFound = generator.chance(0.4)
      let place = isFound ? box : [70, 70, 20, 20]
      try evaluator.add(
        image: image, detections: [Scene.detection(image, category, place, generator.uniform())])
    }
    let interval = Bootstrap.interval(evaluator, samples: 300, generator: generator)
    #expect(interval.lower < interval.value && interval.value < interval.upper)
    let middle = (interval.lower + interval.upper) / 2
    #expect(abs(middle - interval.value) < interval.standardError / 2)
  }

  @Test func anImageDrawnTwiceCountsAsTwoImages() throws {
    // Image 1 right, image 2 wrong: drawn (2, 0) AP is 1, drawn (0, 2) it is 0, drawn (1, 1) between.
    let boxes: [(Int64, Int64, [Double])] = [(1, 1, [0, 0, 10, 10]), (2, 1, [0, 0, 10, 10])]
    let whole = try Scene.truth(boxes, categories: [1])
    let truth = try GroundTruth(
      images: Array(whole.images.prefix(2)), categories: whole.categories,
      annotations: whole.annotations)
    var evaluator = COCOEvaluator(truth: truth)
    try evaluator.add(contentsOf: [
      Scene.detection(1, 1, [0, 0, 10, 10], 0.9), Scene.detection(2, 1, [50, 50, 10, 10], 0.8),
    ])
    let interval = Bootstrap.interval(evaluator, samples: 400, generator: generator)
    #expect(interval.lower < 0.05 && interval.upper > 0.95)
    #expect(abs(interval.value - 51.0 / 101) <= 1e-12)
  }

  @Test func sameSeedSameIntervalWhateverTheThreads() throws {
    var one = try Scene.evaluator(shift: 2)
    one.threads = 1
    let two = try Scene.evaluator(shift: 2)
    let first = Bootstrap.interval(one, samples: 50, generator: generator)
    let second = Bootstrap.interval(two, samples: 50, generator: generator)
    #expect(first == second)
  }

  @Test func aDetectorDoesNotDifferFromItself() throws {
    let evaluator = try Scene.evaluator(shift: 2)
    let same = try Bootstrap.compare(evaluator, evaluator, samples: 50, generator: generator)
    #expect(same.difference.lower == 0 && same.difference.upper == 0)
    #expect(same.probability == 1)
    #expect(!same.isResolved)
  }

  @Test func aBetterDetectorIsToldFromAWorse() throws {
    let worse = try Scene.evaluator(shift: 4)
    let better = try Scene.evaluator(shift: 0)
    let result = try Bootstrap.compare(worse, better, samples: 200, generator: generator)
    #expect(result.difference.lower > 0)
    #expect(result.isResolved)
    #expect(result.probability < 0.05)
  }

  /// Every draw of one image is that image: the interval has no width, and that must not look like certainty.
  @Test func oneImageTellsNothing() throws {
    let truth = try Scene.truth([(1, 1, [0, 0, 10, 10])], images: 1)
    var worse = COCOEvaluator(truth: truth)
    try worse.add(contentsOf: [Scene.detection(1, 1, [3, 0, 10, 10], 0.9)])
    var better = COCOEvaluator(truth: truth)
    try better.add(contentsOf: [Scene.detection(1, 1, [0, 0, 10, 10], 0.9)])
    let result = try Bootstrap.compare(worse, better, samples: 50, generator: generator)
    #expect(result.difference.value > 0)
    #expect(result.difference.lower == -1 && result.difference.upper == 1)
    #expect(!result.isResolved && result.probability == 1)
    let interval = Bootstrap.interval(worse, samples: 50, generator: generator)
    #expect(interval.lower == 0 && interval.upper == 1)
  }

  /// A third of the draws of nine images miss the only one with a truth; AP is not defined there, and its -1 must not count.
  @Test func drawsWithoutTruthsDoNotCount() throws {
    var evaluator = COCOEvaluator(truth: try Scene.truth([(1, 1, [0, 0, 10, 10])]))
    try evaluator.add(contentsOf: [Scene.detection(1, 1, [0, 0, 10, 10], 0.9)])
    let interval = Bootstrap.interval(evaluator, samples: 100, generator: generator)
    for end in [interval.value, interval.lower, interval.upper] {
      #expect(abs(end - 1) <= 1e-12)
    }
    #expect(interval.standardError <= 1e-12)

    let nothing = COCOEvaluator(truth: try Scene.truth([]))
    let unknown = Bootstrap.interval(nothing, samples: 100, generator: generator)
    #expect(unknown.value == -1 && unknown.lower == 0 && unknown.upper == 1)
  }

  @Test func differentTruthsAreNotCompared() throws {
    let first = try Scene.evaluator(shift: 0)
    let second = COCOEvaluator(truth: try Scene.truth([(1, 1, [0, 0, 5, 5])]))
    #expect(throws: MetricsError.self) {
      try Bootstrap.compare(first, second, samples: 10, generator: generator)
    }
  }
}

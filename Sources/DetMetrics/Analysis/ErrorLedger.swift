/// What became of every detection and truth, and what AP would be with one kind of error fixed.
struct ErrorLedger {
  private enum Verdict {
    case right
    case ignored
    /// Wrong; `truth` is what it should have been, where there is such a thing.
    case wrong(ErrorAnalysis.Kind, truth: Int?)
  }

  private struct Judged {
    let found: SceneIndex.Found
    let verdict: Verdict
  }

  private let scene: SceneIndex
  private let foreground: Double
  private let background: Double
  private var judged: [Judged] = []
  private var isFound: [Bool]
  private var isMissed: [Bool]
  /// Per free truth the order of the best detection that class or place put right would bring to it, or -1: of
  /// several only that one is fixed, the others go, as in TIDE.
  private var claims: [Int]

  init(_ scene: SceneIndex, foreground: Double, background: Double) {
    self.scene = scene
    self.foreground = foreground
    self.background = background
    isFound = [Bool](repeating: false, count: scene.truths.count)
    isMissed = isFound
    claims = [Int](repeating: -1, count: scene.truths.count)
  }

  /// Judges one image's detections, best score first.
  mutating func judge(image: Int, limit: Int) {
    var admitted = [Int](repeating: 0, count: scene.categories.count)
    let ranked = scene.detections(inImage: image).map { scene.found[$0] }.sorted { left, right in
      left.score != right.score ? left.score > right.score : left.order < right.order
    }
    var wrong: [SceneIndex.Found] = []
    for detection in ranked where admitted[detection.category] < limit {
      admitted[detection.category] += 1
      if let truth = bestTruth(for: detection) {
        if scene.truths[truth].isLeftOut {
          judged.append(Judged(found: detection, verdict: .ignored))
        } else {
          isFound[truth] = true
          judged.append(Judged(found: detection, verdict: .right))
        }
      } else {
        wrong.append(detection)
      }
    }
    // Only once all truths of the image are taken is it known which were free.
    for detection in wrong {
      judged.append(Judged(found: detection, verdict: kind(of: detection)))
    }
  }

  /// A truth is missed when no detection found it nor would with its class or place corrected.
  mutating func settleMissed() {
    // An image's detections stand in falling score: the first claim is the best.
    for one in judged {
      guard case .wrong(let kind, let truth?) = one.verdict, !isFound[truth],
        kind == .classification || kind == .localization, claims[truth] < 0
      else { continue }
      claims[truth] = one.found.order
    }
    for place in scene.truths.indices where !scene.truths[place].isLeftOut {
      isMissed[place] = !isFound[place] && claims[place] < 0
    }
  }

  /// The detections that count, image by image, the right ones first, best first, with whether each is right.
  var counted: [(found: SceneIndex.Found, isRight: Bool)] {
    judged.compactMap { one in
      switch one.verdict {
      case .right: (one.found, true)
      case .wrong: (one.found, false)
      case .ignored: nil
      }
    }
  }

  /// The truths that count, and that no detection found.
  var notFound: [SceneIndex.Truth] {
    scene.truths.indices.filter { !isFound[$0] && !scene.truths[$0].isLeftOut }
      .map { scene.truths[$0] }
  }

  func count(of kind: ErrorAnalysis.Kind) -> Int {
    if kind == .missed { return isMissed.lazy.filter { $0 }.count }
    return judged.lazy.filter {
      if case .wrong(kind, _) = $0.verdict { return true }
      return false
    }.count
  }

  /// The free truth of its class that a detection takes, as COCO's matching does: the best overlap, real
  /// truths before those that are left out.
  private func bestTruth(for detection: SceneIndex.Found) -> Int? {
    for wantsLeftOut in [false, true] {
      var best = foreground
      var match: Int?
      for place in scene.truths(inImage: detection.image) {
        let truth = scene.truths[place]
        guard truth.category == detection.category, truth.isLeftOut == wantsLeftOut,
          wantsLeftOut || !isFound[place]
        else { continue }
        let overlap = detection.box.intersectionOverUnion(truth.box, isCrowd: truth.isCrowd)
        if overlap >= best { (best, match) = (overlap, place) }
      }
      if match != nil { return match }
    }
    return nil
  }

  private func kind(of detection: SceneIndex.Found) -> Verdict {
    var same: (overlap: Double, truth: Int?) = (0, nil)
    var other: (overlap: Double, truth: Int?) = (0, nil)
    for place in scene.truths(inImage: detection.image) where !scene.truths[place].isLeftOut {
      let truth = scene.truths[place]
      let overlap = detection.box.intersectionOverUnion(truth.box, isCrowd: false)
      if truth.category == detection.category {
        if overlap > same.overlap { same = (overlap, place) }
      } else if overlap > other.overlap {
        other = (overlap, place)
      }
    }
    if same.overlap >= background && same.overlap < foreground {
      return .wrong(.localization, truth: same.truth)
    }
    if other.overlap >= foreground { return .wrong(.classification, truth: other.truth) }
    if same.overlap >= foreground { return .wrong(.duplicate, truth: nil) }
    if other.overlap >= background { return .wrong(.both, truth: nil) }
    return .wrong(.background, truth: nil)
  }

  /// The mean over classes of AP at the foreground overlap, with one kind of error fixed; -1 without truth.
  func averagePrecision(fixing kind: ErrorAnalysis.Kind?) -> Double {
    var truthCounts = [Int](repeating: 0, count: scene.categories.count)
    var hasTruth = [Bool](repeating: false, count: scene.categories.count)
    for (place, truth) in scene.truths.enumerated() where !truth.isLeftOut {
      hasTruth[truth.category] = true
      if kind == .missed && isMissed[place] { continue }
      truthCounts[truth.category] += 1
    }
    var entries = [[(score: Double, order: Int, isRight: Bool)]](
      repeating: [], count: scene.categories.count)
    for (category, one) in fixed(kind) {
      entries[category].append(one)
    }
    let values = scene.categories.indices.compactMap { category -> Double? in
      let (entries, truths) = (entries[category], truthCounts[category])
      guard hasTruth[category] else { return nil }
      // As in TIDE: a class of which all was missed is left with its wrong detections, or with nothing.
      guard truths > 0 else { return entries.isEmpty ? nil : 0 }
      let ranked = entries.sorted { left, right in
        left.score != right.score ? left.score > right.score : left.order < right.order
      }
      return Self.interpolated(ranked.map(\.isRight), truths: truths)
    }
    return values.isEmpty ? -1 : values.reduce(0, +) / Double(values.count)
  }

  /// The detections that count, by class, after fixing.
  private func fixed(
    _ kind: ErrorAnalysis.Kind?
  ) -> [(Int, (score: Double, order: Int, isRight: Bool))] {
    var result: [(Int, (score: Double, order: Int, isRight: Bool))] = []
    for one in judged {
      let (score, order) = (one.found.score, one.found.order)
      switch one.verdict {
      case .right: result.append((one.found.category, (score, order, true)))
      case .ignored: continue
      case .wrong(let found, let truth) where found == kind:
        guard let truth, claims[truth] == order else { continue }
        result.append((scene.truths[truth].category, (score, order, true)))
      case .wrong: result.append((one.found.category, (score, order, false)))
      }
    }
    return result
  }

  /// COCO's interpolated AP over 101 recalls of detections in falling score.
  private static func interpolated(_ isRight: [Bool], truths: Int) -> Double {
    var precisions: [Double] = []
    for (place, right) in isRight.enumerated() where right {
      precisions.append(Double(precisions.count + 1) / Double(place + 1))
    }
    for place in precisions.indices.dropLast().reversed() {
      precisions[place] = max(precisions[place], precisions[place + 1])
    }
    var sum = 0.0
    var reached = 0
    for step in 0...100 {
      while reached < precisions.count, Double(reached + 1) / Double(truths) < Double(step) / 100 {
        reached += 1
      }
      sum += reached < precisions.count ? precisions[reached] : 0
    }
    return sum / 101
  }
}

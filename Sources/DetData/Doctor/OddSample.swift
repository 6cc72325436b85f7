import DetBasics

/// A sample that is less like the others than most, and why.
public struct OddSample: Sendable, Equatable, Codable {
  /// Its index in the data set.
  public let index: Int
  /// File, and part of it.
  public let place: String
  /// What is odd about it, in a few words.
  public let reason: String
  /// The boxes concerned, as indices into the sample's; empty: the image as a whole.
  public let boxes: [Int]
}

/// Finds the extremes of a data set: the first of each kind, no sample twice.
struct OddSampleSearch {
  private let samples: [Sample]
  private let categories: [Category]
  private let survey: ImageSurvey
  private(set) var found: [OddSample] = []
  private var taken: Set<Int> = []

  init(_ dataset: Dataset, _ survey: ImageSurvey) {
    samples = dataset.samples
    categories = dataset.categories
    self.survey = survey
    addOddBoxes()
    addOddImages()
    addRareClass()
  }

  /// A box with the number that makes it odd; larger is odder.
  private struct Extreme {
    let sample: Int
    let boxes: [Int]
    let score: Double
  }

  private func usable(_ sample: Int) -> Bool {
    guard !taken.contains(sample) else { return false }
    if case .scene = samples[sample].content { return true }
    let entry = survey.entries[samples[sample].path]
    return entry != nil && entry?.problem == nil
  }

  /// The highest scores, of different samples.
  private func most(
    _ count: Int, _ score: (Sample, LabelledBox) -> Double?
  ) -> [Extreme] {
    var best: [Extreme] = []
    for (index, sample) in samples.enumerated() where usable(index) {
      var own: Extreme?
      for (number, box) in sample.boxes.enumerated() where !box.isIgnored {
        guard let value = score(sample, box), value > own?.score ?? -.infinity else { continue }
        own = Extreme(sample: index, boxes: [number], score: value)
      }
      guard let own else { continue }
      let place = best.firstIndex { $0.score < own.score } ?? best.count
      guard place < count else { continue }
      best.insert(own, at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }

  private mutating func add(_ extreme: Extreme?, _ reason: (Double) -> String) {
    guard let extreme, taken.insert(extreme.sample).inserted else { return }
    found.append(
      OddSample(
        index: extreme.sample, place: samples[extreme.sample].place,
        reason: reason(extreme.score), boxes: extreme.boxes))
  }

  private mutating func addOddBoxes() {
    add(doubled()) { "two boxes that overlap by \(($0 * 100).fixed(0)) %" }
    for extreme in most(2, { _, box in -min(box.width, box.height) }) {
      add(extreme) { "the thinnest box: \((-$0).fixed(1)) pixels" }
    }
    for extreme in most(2, { _, box in -box.boxArea }) {
      add(extreme) { "a very small box: \((-$0).fixed(0)) square pixels" }
    }
    for extreme in most(2, { sample, box in box.boxArea / Double(sample.size.area) }) {
      add(extreme) { "a box that covers \(($0 * 100).fixed(0)) % of the image" }
    }
    add(most(1) { _, box in box.width / box.height }.first) {
      "the widest box: \($0.fixed(1)) times its height"
    }
    add(most(1) { _, box in box.height / box.width }.first) {
      "the tallest box: \($0.fixed(1)) times its width"
    }
  }

  /// The two boxes of one image that lie most on each other, whatever their classes.
  private func doubled() -> Extreme? {
    var best: Extreme?
    for (index, sample) in samples.enumerated() where usable(index) && sample.boxes.count < 500 {
      for (second, box) in sample.boxes.enumerated() where !box.isIgnored {
        for first in 0..<second where !sample.boxes[first].isIgnored {
          let overlap = sample.boxes[first].overlap(with: box)
          if overlap > max(0.6, best?.score ?? 0) {
            best = Extreme(sample: index, boxes: [first, second], score: overlap)
          }
        }
      }
    }
    return best
  }

  private mutating func addOddImages() {
    addImage("the most boxes") { sample, _ in
      sample.boxes.isEmpty ? nil : Double(sample.boxes.count)
    }
    addImage("the darkest image") { _, light in light.map { -$0.mean } }
    addImage("the brightest image") { _, light in light?.mean }
    addImage("the least contrast") { _, light in light.map { -$0.deviation } }
    let shapes = samples.map { Double($0.width) / Double($0.height) }.sorted()
    guard let least = shapes.first, let widest = shapes.last, least < widest else { return }
    let median = shapes[shapes.count / 2]
    addImage("an image of unusual shape") { sample, _ in
      let shape = Double(sample.width) / Double(sample.height)
      return max(shape / median, median / shape)
    }
  }

  private mutating func addImage(
    _ reason: String, _ score: (Sample, (mean: Double, deviation: Double)?) -> Double?
  ) {
    var best: Extreme?
    for (index, sample) in samples.enumerated() where usable(index) {
      guard let value = score(sample, survey.entries[sample.path]?.light),
        value > best?.score ?? -.infinity
      else { continue }
      best = Extreme(sample: index, boxes: [], score: value)
    }
    add(best) { _ in reason }
  }

  private mutating func addRareClass() {
    guard categories.count > 1 else { return }
    var counts = [Int](repeating: 0, count: categories.count)
    for sample in samples { for box in sample.boxes { counts[box.category] += 1 } }
    let present = counts.indices.filter { counts[$0] > 0 }
    guard let rarest = present.min(by: { counts[$0] < counts[$1] }) else { return }
    let name = categories[rarest].name
    add(most(1) { _, box in box.category == rarest ? 1 : nil }.first) { _ in
      "the rarest class: \(name), \(counts[rarest]) \(counts[rarest] == 1 ? "box" : "boxes")"
    }
  }
}

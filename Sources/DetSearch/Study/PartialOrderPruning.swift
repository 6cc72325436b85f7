import DetBasics
package import DetSpec

/// Leaves out designs that cannot improve the front, by the rule of Li et al. 2019.
///
/// Of a trained design w it is expected that all designs below it (made from it by removing and narrowing) are no more
/// accurate. When some trained design is at least as accurate as w, then a design below w that costs no less than that one
/// cannot improve the front. Nothing is ever pruned for being larger. The expectation held for 23 of 24 published pairs,
/// not always, and an accuracy is a matter of luck, too; hence the margin by which the cheaper design must be better: one deviation of
/// trainings by different seeds (``margin(known:)``).
///
/// A measured cost is a range: a rival is cheaper when its range ends before the design's begins.
package struct PartialOrderPruning: Sendable {
  /// A trained design.
  package struct Trained: Sendable {
    /// The trial's number.
    package let trial: Int
    /// The place of its outcome in time.
    package let sequence: Int
    /// The design.
    package let design: DetectorDesign
    /// How accurate it is, by its first training.
    package let accuracy: Double
    /// Its trainings by other seeds, with the places of their outcomes in time.
    fileprivate var repetitions: [(sequence: Int, accuracy: Double)] = []
    /// What it costs; nil where that cannot be compared.
    package let cost: ClosedRange<Double>?

    /// Describes a trained design.
    package init(
      trial: Int, sequence: Int, design: DetectorDesign, accuracy: Double,
      cost: ClosedRange<Double>?
    ) {
      self.trial = trial
      self.sequence = sequence
      self.design = design
      self.accuracy = accuracy
      self.cost = cost
    }

    /// How accurate it was each time it was trained, as far as that was known.
    fileprivate func accuracies(known: Int) -> [Double] {
      [accuracy] + repetitions.lazy.filter { $0.sequence <= known }.map(\.accuracy)
    }

    /// How accurate it is: the mean of its trainings.
    fileprivate func mean(known: Int) -> Double {
      repetitions.isEmpty ? accuracy : accuracies(known: known).mean
    }
  }

  private let prior: Double
  private let recipe: Recipe
  private var trained: [Trained] = []

  /// A rule that knows no trained design yet; `margin` is what is taken for the deviation before any design was trained twice, and
  /// `recipe` what all designs are trained by.
  package init(margin: Double, recipe: Recipe = .paper) {
    prior = margin
    self.recipe = recipe
  }

  /// By how much a rival must be more accurate: the deviation of trainings by different seeds, pooled over the designs that were trained
  /// more than once. What was taken for it before counts like one repetition.
  func margin(known: Int = .max) -> Double {
    let repeated = trained.filter { !$0.repetitions.isEmpty && $0.sequence <= known }
    guard let noise = SeedNoise(repeated.map { $0.accuracies(known: known) }) else { return prior }
    let freedom = Double(noise.freedom)
    let squares = prior * prior + noise.deviation * noise.deviation * freedom
    return (squares / (1 + freedom)).squareRoot()
  }

  /// Takes a trained design in.
  package mutating func insert(_ design: Trained) {
    let place = trained.firstIndex { $0.trial > design.trial } ?? trained.count
    trained.insert(design, at: place)
  }

  /// Takes in a training by another seed of the design of a trial; one of a trial that was not taken in is passed over.
  mutating func insert(repetitionOf trial: Int, sequence: Int, accuracy: Double) {
    guard let place = trained.firstIndex(where: { $0.trial == trial }) else { return }
    trained[place].repetitions.append((sequence, accuracy))
  }

  /// The first two trials that prove that a design of a known cost cannot improve the front; nil when it may.
  ///
  /// - Parameters:
  ///   - design: the design.
  ///   - cost: what it costs.
  ///   - known: how many outcomes may be looked at: those that were known when the design was suggested.
  /// - Returns: the larger design, and the more accurate one at no higher cost.
  package func proof(
    against design: DetectorDesign, cost: ClosedRange<Double>, known: Int = .max
  ) -> (larger: Trained, rival: Trained)? {
    let rivals = trained.filter { rival in
      rival.sequence <= known && rival.cost.map { $0.upperBound <= cost.lowerBound } ?? false
    }
    guard let best = rivals.lazy.map({ $0.mean(known: known) }).max() else { return nil }
    let margin = margin(known: known)
    let larger = trained.first { larger in
      larger.sequence <= known && best >= larger.mean(known: known) + margin
        && design.isBelow(larger.design, recipe: recipe)
    }
    guard let larger,
      let rival = rivals.first(where: {
        $0.mean(known: known) >= larger.mean(known: known) + margin
      })
    else { return nil }
    return (larger, rival)
  }
}

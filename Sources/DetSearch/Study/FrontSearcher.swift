package import DetBasics
package import DetSpec

/// The search of one stage: first designs spread over the space, then mutations of the front's members.
///
/// Every decision is drawn from a stream of its own, named after the step, and depends on nothing but the designs suggested
/// so far and the outcomes known so far. So a list of trials with their outcomes is all it takes to go on later as if
/// nothing had happened. No design is suggested twice, whatever became of it; when the space is used up there is no suggestion.
package struct FrontSearcher: Sendable {
  /// What a step came to.
  package struct Proposal: Sendable, Hashable {
    /// The design.
    package let design: DetectorDesign
    /// Where it came from.
    package let origin: Origin
  }

  /// How a stage is searched.
  package struct Settings: Sendable, Hashable {
    /// Designs before the first mutation.
    package let initial: Int
    /// The probability that a parent is any finished trial.
    package let randomShare: Double
    /// What is improved.
    package let objectives: [SearchObjective]

    /// States the settings.
    package init(initial: Int, randomShare: Double, objectives: [SearchObjective]) {
      self.initial = initial
      self.randomShare = randomShare
      self.objectives = objectives
    }
  }

  private let space: any SearchSpace
  private let settings: Settings
  private let generator: Generator
  private let origin: Proposal?
  private var taken = TakenNumbers()
  private var designs: [Int: DetectorDesign] = [:]
  private var finished: [Int] = []
  private var front: FrontTracker
  private var firstDesigns: [DetectorDesign] = []

  /// Suggestions made so far.
  package private(set) var step = 0
  /// Those of them that were to be evaluated.
  package private(set) var evaluated = 0

  /// Candidates of which each of the first designs is the one farthest from the others.
  private static let candidates = 16

  /// A search that has suggested nothing yet; `origin` is suggested first when there is one.
  package init(
    space: any SearchSpace, settings: Settings, generator: Generator, origin: Proposal? = nil
  ) {
    self.space = space
    self.settings = settings
    self.generator = generator
    self.origin = origin
    front = FrontTracker(directions: settings.objectives.map(\.direction))
  }

  /// Whether every design was suggested.
  package var isExhausted: Bool { taken.count >= space.size }

  /// What the next step suggests; nil when the space is used up. Nothing changes until ``register(trial:design:isPruned:)``.
  package func propose() -> Proposal? {
    guard !isExhausted else { return nil }
    var generator = generator.stream("step", step)
    if step == 0, let origin, let number = space.index(of: origin.design),
      !taken.contains(number)
    {
      return origin
    }
    if evaluated < settings.initial { return spread(&generator) }
    return mutation(&generator) ?? random(&generator)
  }

  /// Notes that a design became a trial.
  package mutating func register(trial: Int, design: DetectorDesign, isPruned: Bool) {
    if let number = space.index(of: design) { taken.insert(number) }
    designs[trial] = design
    step += 1
    guard !isPruned else { return }
    evaluated += 1
    if evaluated <= settings.initial { firstDesigns.append(design) }
  }

  /// Never suggests a design from now on, because another search of the stage has.
  package mutating func exclude(_ design: DetectorDesign) {
    if let number = space.index(of: design) { taken.insert(number) }
  }

  /// Notes what became of a trial; only results take part in what follows.
  package mutating func observe(trial: Int, outcome: Outcome) {
    guard case .finished(let metrics) = outcome else { return }
    let place = finished.firstIndex { $0 > trial } ?? finished.count
    finished.insert(trial, at: place)
    front.insert(trial: trial, point: Front.point(metrics, settings.objectives))
  }

  /// The best candidate of Mitchell 1991: of several random designs the one whose nearest neighbour among the first
  /// designs is farthest.
  private func spread(_ generator: inout Generator) -> Proposal? {
    var best: (design: DetectorDesign, gap: Double)?
    for _ in 0..<(firstDesigns.isEmpty ? 1 : Self.candidates) {
      guard let number = space.draw(&generator, taken: taken) else { return nil }
      let design = space.design(at: number)
      let gap = firstDesigns.map { space.distance($0, design) }.min() ?? 0
      if gap > best?.gap ?? -1 { best = (design, gap) }
    }
    return best.map { Proposal(design: $0.design, origin: .start) }
  }

  private func random(_ generator: inout Generator) -> Proposal? {
    space.draw(&generator, taken: taken).map {
      Proposal(design: space.design(at: $0), origin: .random)
    }
  }

  /// A change to a member of the front, or with the plan's probability to any finished trial; when all changes of one
  /// lead to designs that were tried, another parent gets its turn.
  private func mutation(_ generator: inout Generator) -> Proposal? {
    let members = front.entries.map(\.trial)
    let parents = generator.chance(settings.randomShare) ? finished : members
    for parent in generator.shuffled(parents) {
      guard let design = designs[parent] else { continue }
      let child = space.mutation(of: design, &generator) { !taken.contains($0) }
      if let child { return Proposal(design: child, origin: .mutation(parent: parent)) }
    }
    return nil
  }
}

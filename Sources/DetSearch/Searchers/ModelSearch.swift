public import DetBasics
import DetSpec

/// A search that learns: a Gaussian process says of every design what its accuracy will be and how sure that is, costs are known or
/// learnt the same way, and the design goes next that is expected to add most to the front's hypervolume.
///
/// Candidates are the whole space where it is small; otherwise draws from it, changes to the front's members, and changes to the best
/// of those. Designs under way count as if they had come out as expected, so that workers side by side are told apart. When the
/// model orders designs worse than chance, judged by trials that are held out, the paper's evolution takes its place. Trials of spaces
/// that are like this one, as those around other picks are, teach it as well, as far as it turns out that they are alike.
public final class ModelSearch: Searcher {
  /// Designs to be evaluated before the model is asked.
  public let initial: Int
  /// What is left out, in a comparison.
  public let without: Set<ModelPart>
  /// What searches while the model is of no use.
  private let evolution: Evolution
  private let memory = ModelMemory()

  /// The most trials that a kernel is learnt from.
  private static let mostTaught = 128

  /// States how a stage is searched.
  ///
  /// - Parameters:
  ///   - initial: designs to be evaluated before the model is asked.
  ///   - randomShare: see ``Evolution``, which searches while the model is of no use.
  ///   - without: what is left out, in a comparison.
  public init(initial: Int, randomShare: Double = 0.2, without: Set<ModelPart> = []) {
    self.initial = initial
    self.without = without
    evolution = Evolution(
      initial: initial, randomShare: randomShare, drawsFirst: without.contains(.spreadStart))
  }

  /// One of the first designs, or the ones from which most is expected, best first.
  public func propose(history: SearchHistory, stream: inout Generator) -> [Candidate] {
    if let first = evolution.first(history, &stream) { return [first] }
    let draws = CandidatePool.draws(history, &stream)
    let outlook = Outlook(
      history, reaching: draws, memory, without: without, teach: lesson)
    guard let outlook else {
      return evolution.propose(history: history, stream: &stream)
    }
    let changes = !without.contains(.changes)
    return CandidatePool(history, draws, changes: changes, outlook, &stream).best
  }

  /// What the first of the finished trials teach about a metric: as many as there were when last an eighth more had come in, since
  /// learning takes longer than asking.
  private func lesson(
    _ metric: Metric, _ table: FeatureTable, _ values: [Double], _ own: [Bool]
  ) -> GaussianProcess.Lesson? {
    var count = min(initial, values.count)
    while count + max(1, count / 8) <= values.count { count += max(1, count / 8) }
    // Of many, some all over the list teach as much.
    let places = (0..<min(count, Self.mostTaught)).map { $0 * count / min(count, Self.mostTaught) }
    return memory.lesson(
      metric, table.rows(places), places.map { values[$0] }, judging: places.map { own[$0] },
      without: without)
  }
}

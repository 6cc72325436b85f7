import DetBasics
package import DetSearch
package import DetSpec
import Foundation

/// Made-up results that behave as those of real searches do, to try plans, budgets and workers in seconds.
///
/// Accuracy grows with the logarithm of the multiply-accumulates, less and less; each design has luck of its own, and each training by
/// another seed a little more. The epochs draw near to it. Latency and time follow the multiply-accumulates. Nobody should believe any of
/// these numbers: what is true of a simulation is how the search goes about them.
package struct CostFormula: SimulatedResults {
  private let plan: Plan
  private let cost: CostModel
  private let images: Int

  /// Standard deviations of a design's luck and of a seed's.
  private static let luck = (design: 0.02, seed: 0.008)
  /// Multiply-accumulates at which half of the best accuracy is reached.
  private static let half = 2e9
  /// Multiply-accumulates a second, of training and of detecting.
  private static let speed = 2e12
  /// Milliseconds that every detector takes, whatever it computes.
  private static let least = 4.0

  /// Results for a plan, as if an epoch had so many images.
  package init(_ plan: Plan, cost: @escaping CostModel, images: Int) {
    self.plan = plan
    self.cost = cost
    self.images = images
  }

  package func row(
    for design: DetectorDesign, stage: SearchStage?, again: Int
  ) -> RecordedTable.Row? {
    guard let stage, let recipe = plan.recipe(of: stage) else { return nil }
    let spent = cost(design, stage)
    let macs = Double(spent.macs)
    var own = Generator(seed: plan.seed).stream(design.text)
    var seed = own.stream("seed", again)
    let two = design.proposals == .none ? 0 : 0.03
    // Longer trainings reach more.
    let reach = 1 - exp(-Double(recipe.epochs) / 8)
    let end =
      (0.5 + two) * reach * macs / (macs + Self.half) + Self.luck.design * own.normal()
      + Self.luck.seed * seed.normal()
    let accuracy = min(1, max(0, end))
    var metrics: [String: Double] = [:]
    for metric in Metric.accuracies {
      metrics[metric] = metric == .averagePrecision ? accuracy : min(1, 1.6 * accuracy)
    }
    metrics[.latency] = Self.least + 1e3 * macs / Self.speed * (1 + 0.3 * own.uniform()) * 10
    metrics[.memory] = 4e8 + 40 * Double(spent.activations)
    for (name, value) in Metric.counted(spent) { metrics[name] = value }
    let epochs = stride(
      from: recipe.evaluateEvery, through: recipe.epochs, by: recipe.evaluateEvery)
    return RecordedTable.Row(
      outcome: .finished(metrics: metrics),
      seconds: 3 * macs * Double(images * recipe.epochs) / Self.speed,
      epochs: epochs.map { epoch in
        let share = (1 - exp(-4 * Double(epoch) / Double(recipe.epochs))) / (1 - exp(-4))
        let accuracies = Metric.accuracies.map { ($0.name, share * (metrics[$0] ?? 0)) }
        return .init(
          epoch: epoch, metrics: Dictionary(uniqueKeysWithValues: accuracies))
      })
  }
}

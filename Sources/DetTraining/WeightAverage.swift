import DetNN
import DetTensor

/// The exponential moving average of a model's weights over training steps.
///
/// A short training ends in noise; the average of its last steps is nearer to what a longer one
/// finds. The decay rises with the steps, so that the random first weights are soon forgotten.
final class WeightAverage {
  private let entries: [ParameterStore.Entry]
  private let averages: [Tensor]
  private let decay: Double

  /// Starts from the weights as they are.
  init(_ store: ParameterStore, decay: Double) {
    entries = store.entries
    averages = withoutGradient { store.entries.map { $0.tensor.detached().cloned() } }
    self.decay = decay
  }

  /// Moves the average towards the weights; `step` counts from 0 over the whole training.
  func update(step: Int) {
    let decay = min(decay, Double(1 + step) / Double(10 + step))
    withoutGradient {
      for (entry, average) in zip(entries, averages) {
        average.mul_(decay)
        average.add_(entry.tensor, times: 1 - decay)
      }
    }
  }

  /// Runs `body` while the model computes with the average.
  func applied<Result>(_ body: () throws -> Result) rethrows -> Result {
    exchange()
    defer { exchange() }
    return try body()
  }

  private func exchange() {
    withoutGradient {
      for (entry, average) in zip(entries, averages) {
        let current = entry.tensor.detached().cloned()
        entry.tensor.copy_(average)
        average.copy_(current)
      }
    }
  }

  /// The averages under their parameters' paths, for a checkpoint.
  var state: [(name: String, tensor: Tensor)] {
    zip(entries, averages).map { ("\($0.name).average", $1) }
  }
}

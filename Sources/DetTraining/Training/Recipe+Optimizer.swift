import DetNN
import DetSpec

extension Recipe {
  /// The optimizer that the recipe names, over what the store trains now.
  func optimizer(for store: ParameterStore) -> any DetNN.Optimizer {
    let rate = usedRates.from
    return switch optimizer {
    case .sgd:
      SGD(
        store, rate: rate, momentum: momentum, weightDecay: weightDecay, decaysAll: decaysNorms)
    case .adamW:
      AdamW(
        store, rate: rate, momentum: momentum, weightDecay: weightDecay, decaysAll: decaysNorms)
    }
  }
}

internal import CTorch

/// What optimizers do to many tensors in one call of libtorch; DetNN wraps it in types with state.
package enum Optimization {
  /// Forgets the gradients of all tensors.
  package static func dropGradients(_ tensors: [Tensor]) {
    Tensor.withPointers(tensors) { expect(ct_drop_gradients($0, $1)) }
  }

  /// The 2-norm over the gradients of all tensors.
  package static func gradientNorm(_ tensors: [Tensor]) -> Double {
    var norm = 0.0
    Tensor.withPointers(tensors) { expect(ct_gradient_norm($0, $1, &norm)) }
    return norm
  }

  /// One step of stochastic gradient descent; gradients are divided first.
  package static func stepSGD(
    _ parameters: [Tensor], momenta: [Tensor], decays: [Double], rate: Double, momentum: Double,
    nesterov: Bool, gradientDivisor: Double
  ) {
    Tensor.withPointers(parameters) { parameters, count in
      Tensor.withPointers(momenta) { momenta, _ in
        expect(
          ct_sgd_step(
            parameters, momenta, decays, count, rate, momentum, nesterov, gradientDivisor))
      }
    }
  }

  /// The constants of AdamW.
  package struct AdamConstants {
    package let rate: Double
    package let beta1: Double
    package let beta2: Double
    package let epsilon: Double

    package init(rate: Double, beta1: Double, beta2: Double, epsilon: Double) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
    }
  }

  /// One step of AdamW; `step` counts from 1.
  package static func stepAdamW(
    _ parameters: [Tensor], firsts: [Tensor], seconds: [Tensor], decays: [Double],
    _ constants: AdamConstants, step: Int, gradientDivisor: Double
  ) {
    Tensor.withPointers(parameters) { parameters, count in
      Tensor.withPointers(firsts) { firsts, _ in
        Tensor.withPointers(seconds) { seconds, _ in
          expect(
            ct_adamw_step(
              parameters, firsts, seconds, decays, count, constants.rate, constants.beta1,
              constants.beta2, constants.epsilon, Double(step), gradientDivisor))
        }
      }
    }
  }

  /// Moves averages towards parameters: averages += (1 - decay) · (parameters - averages).
  package static func moveAverages(_ averages: [Tensor], towards tensors: [Tensor], decay: Double) {
    Tensor.withPointers(averages) { averages, count in
      Tensor.withPointers(tensors) { tensors, _ in
        expect(ct_move_averages(averages, tensors, count, decay))
      }
    }
  }
}

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
    gradientDivisor: Double
  ) {
    Tensor.withPointers(parameters) { parameters, count in
      Tensor.withPointers(momenta) { momenta, _ in
        expect(
          ct_sgd_step(
            parameters, momenta, decays, count, rate, momentum, gradientDivisor))
      }
    }
  }

  /// One step of AdamW; gradients are divided first, and `steps`, a number beside the parameters, is counted up.
  package static func stepAdamW(
    _ parameters: [Tensor], momenta: [Tensor], squares: [Tensor], decays: [Double], steps: Tensor,
    rate: Double, momentum: Double, squareMomentum: Double, epsilon: Double,
    gradientDivisor: Double
  ) {
    Tensor.withPointers(parameters) { parameters, count in
      Tensor.withPointers(momenta) { momenta, _ in
        Tensor.withPointers(squares) { squares, _ in
          withExtendedLifetime(steps.handle) {
            expect(
              ct_adamw_step(
                parameters, momenta, squares, decays, count, steps.pointer, rate, momentum,
                squareMomentum, epsilon, gradientDivisor))
          }
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

internal import CTorch

extension Tensor {
  /// Batch normalisation of [N, C, H, W] (Ioffe & Szegedy 2015).
  ///
  /// In training the batch's own statistics are used, and the running ones are moved towards them in place.
  public func batchNormalized(
    weight: Tensor?, bias: Tensor?, runningMean: Tensor?, runningVariance: Tensor?,
    training: Bool, momentum: Double = 0.1, epsilon: Double = 1e-5
  ) -> Tensor {
    withExtendedLifetime((weight, bias, runningMean, runningVariance)) {
      map {
        ct_batch_norm(
          $0, weight?.pointer, bias?.pointer, runningMean?.pointer, runningVariance?.pointer,
          training, momentum, epsilon, $1)
      }
    }
  }

  /// Group normalisation of [N, C, …] (Wu & He 2018), then a sum and an activation in the same pass.
  public func groupNormalized(
    groups: Int, weight: Tensor?, bias: Tensor?, epsilon: Double = 1e-5,
    adding residual: Tensor? = nil, _ activation: Activation = .none
  ) -> Tensor {
    let y = withExtendedLifetime((weight, bias, residual)) {
      map {
        ct_group_norm(
          $0, groups, weight?.pointer, bias?.pointer, epsilon, residual?.pointer,
          activation == .relu, $1)
      }
    }
    return activation == .relu6 ? y.relu6() : y
  }

  /// Weight standardisation (Qiao et al. 2019): each filter with mean 0 and variance 1.
  ///
  /// For weights [out, …]: (w - mean) / √(variance + epsilon) over all but the first dimension.
  public func weightStandardized(epsilon: Double = 1e-5) -> Tensor {
    map { ct_weight_standardize($0, epsilon, $1) }
  }
}

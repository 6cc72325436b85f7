internal import CTorch

extension Tensor {
  /// The two-dimensional convolution of [N, C, H, W] with weights [out, C / groups, k, k].
  ///
  /// On a CPU, 3x3 filters of stride 1 in float32 run on Winograd's F(4x4, 3x3) where that pays, and so do their
  /// gradients (Lavin & Gray 2016); all else is libtorch's.
  public func convolved(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1
  ) -> Tensor {
    withExtendedLifetime((weight.handle, bias?.handle)) {
      map {
        ct_conv2d($0, weight.pointer, bias?.pointer, stride, padding, dilation, groups, $1)
      }
    }
  }

  /// The transposed convolution of [N, C, H, W] with weights [C, out, k, k].
  public func transposeConvolved(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0
  ) -> Tensor {
    withExtendedLifetime((weight.handle, bias?.handle)) {
      map { ct_conv_transpose2d($0, weight.pointer, bias?.pointer, stride, padding, $1) }
    }
  }

  /// The convolution of [N, C, H, W] whose taps sample where the offsets move them (Dai et al. 2017).
  ///
  /// `offsets` [N, 2 · groups · k · k, H', W'] holds, for each of some groups of channels and each tap, how far it moves
  /// in cells: y, then x. Between cells, values are blended; outside of the map they are zero. Gradients go to the
  /// input, the filters [out, C / g, k, k] and the offsets. On a CPU this is a native kernel (half kinds are computed
  /// in float32), elsewhere a composition of tensor operations.
  public func deformConvolved(
    _ weight: Tensor, bias: Tensor? = nil, offsets: Tensor, stride: Int = 1, padding: Int = 0,
    dilation: Int = 1
  ) -> Tensor {
    if Composition.isNeeded(for: self) {
      return Composition.deformConvolved(
        self, weight, bias: bias, offsets: offsets, stride: stride, padding: padding,
        dilation: dilation)
    }
    return withExtendedLifetime((weight.handle, bias?.handle, offsets.handle)) {
      map {
        ct_deform_conv2d(
          $0, weight.pointer, bias?.pointer, offsets.pointer, stride, padding, dilation, $1)
      }
    }
  }

  /// x · weightᵀ + bias, for weights [out, in].
  public func linear(_ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
    withExtendedLifetime((weight.handle, bias?.handle)) {
      map { ct_linear($0, weight.pointer, bias?.pointer, $1) }
    }
  }

  /// The largest element of each window.
  public func maxPooled(_ kernel: Int, stride: Int, padding: Int = 0) -> Tensor {
    map { ct_max_pool2d($0, kernel, stride, padding, $1) }
  }

  /// How ``Tensor/interpolated(toHeight:width:mode:)`` finds values between pixels.
  public enum Interpolation: Sendable {
    /// The value of the nearest pixel to the upper left, as PyTorch's `nearest`.
    case nearest
    /// A blend of four pixels, whose centres are aligned (`align_corners=False`).
    case bilinear
  }

  /// [N, C, H, W] resampled to another size.
  public func interpolated(toHeight height: Int, width: Int, mode: Interpolation) -> Tensor {
    map { ct_upsample($0, height, width, mode == .bilinear, $1) }
  }
}

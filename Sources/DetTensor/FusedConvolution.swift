internal import CTorch

/// A convolution or fully connected layer for inference: the weight packed once, the bias, a sum and the
/// activation done in the same pass over memory.
///
/// It keeps the values that weight and bias have when it is made. On a CPU, float32 runs on kernels of this
/// library: direct convolution, and Winograd's F(4x4, 3x3) for 3x3 filters of stride 1 (Lavin & Gray 2016), whose
/// results differ from direct ones by about 1e-5 of the largest. In bfloat16 the latter run in fixed point, as exact as
/// bfloat16 is by itself, where the processor has such products. The others and grouped layers run on oneDNN's fused kernels.
package final class FusedConvolution {
  private let pointer: OpaquePointer

  /// A layer of filters [outputs, inputs / groups, k, k].
  package init(
    weight: Tensor, bias: Tensor?, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1, activation: Activation
  ) {
    var out: OpaquePointer?
    withExtendedLifetime((weight.handle, bias?.handle)) {
      expect(
        ct_convolution_make(
          weight.pointer, bias?.pointer, stride, padding, dilation, groups, activation.code, &out))
    }
    guard let out else { fatalError("the shim made no convolution") }
    pointer = out
  }

  deinit { ct_convolution_free(pointer) }

  /// activation(convolution(x) + residual) for [N, inputs, H, W], or for [N, inputs] where k is 1; no gradients.
  package func callAsFunction(_ x: Tensor, adding residual: Tensor? = nil) -> Tensor {
    withExtendedLifetime((self, residual?.handle)) {
      x.map { ct_convolution_run(pointer, $0, residual?.pointer, $1) }
    }
  }
}

extension Tensor {
  /// What tells this tensor's memory from that of others while it lives.
  package var identity: ObjectIdentifier { ObjectIdentifier(handle) }

  /// A number that rises whenever one of the tensors is changed in place.
  package static func versions(of tensors: [Tensor]) -> Int {
    var version = 0
    withPointers(tensors) { expect(ct_versions($0, $1, &version)) }
    return version
  }
}

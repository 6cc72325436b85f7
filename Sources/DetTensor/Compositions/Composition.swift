/// What the native kernels compute, out of tensor operations: for devices that have no kernels.
///
/// The kernels of CTorch run on a CPU; on any other device the same Swift functions take these compositions, which
/// give the same results and, where the kernels have gradients, the same gradients. They are tested against the
/// kernels on a CPU; on a CUDA device they have not been run.
package enum Composition {
  /// Takes compositions where there are kernels, too, so that they can be tested on a CPU.
  @TaskLocal package static var isForced = false

  /// Whether there is no kernel for a tensor that lies where this one does.
  static func isNeeded(for tensor: Tensor) -> Bool { isForced || tensor.device != .cpu }

  /// 0, 1, 2, … on the device of another tensor.
  static func places(_ count: Int, beside tensor: Tensor, dtype: DType = .int64) -> Tensor {
    Tensor.arange(to: Double(count), dtype: dtype).moved(to: tensor.device)
  }

  /// A list of numbers on the device of another tensor.
  static func numbers(_ values: [Double], beside tensor: Tensor) -> Tensor {
    Tensor(values.map { Float($0) }).moved(to: tensor.device)
  }

  /// For each of the parts that a list is cut into, its number as often as it has members.
  static func parts(_ counts: [Int], beside tensor: Tensor) -> Tensor {
    let numbers = counts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    return Tensor(numbers).moved(to: tensor.device)
  }

  /// A head's map [N, shapes · each, H, W] as one row for every anchor, [N, H · W · shapes, each].
  static func rows(_ map: Tensor, each: Int) -> Tensor {
    let shape = map.shape
    return map.to(.float32).reshaped([shape[0], shape[1] / each, each, shape[2], shape[3]])
      .permuted([0, 3, 4, 1, 2]).reshaped([shape[0], -1, each])
  }
}

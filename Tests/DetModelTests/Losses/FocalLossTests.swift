import DetTensor
import TestSupport
import Testing

@testable import DetModel

struct FocalLossTests {
  /// The definition, by tensor operations: rows of logits [n, classes] against one class a row, or -1.
  private func reference(_ logits: Tensor, _ labels: [Int], gamma: Double) -> Tensor {
    let classes = logits.size(1)
    let hot = labels.flatMap { label in (0..<classes).map { Float($0 == label ? 1 : 0) } }
    let target = Tensor(hot, shape: [labels.count, classes])
    let probability = logits.sigmoid()
    let right = probability * target + (1 - probability) * (1 - target)
    let alpha = target * 0.25 + (1 - target) * 0.75
    let cross = logits.binaryCrossEntropyWithLogits(target, reduction: .none)
    return (alpha * (1 - right).pow(gamma) * cross).sum()
  }

  @Test(arguments: [2.0, 1.5]) func theKernelIsTheDefinitionWithItsGradient(gamma: Double) {
    let logits = (Noise.tensor(11, [1, 6, 2, 2]) * 6).requiringGradient()
    // Anchors by row, column, shape; two shapes of three classes each.
    let labels = [-1, 2, -1, -1, 0, -1, 1, -1]
    let kernel = Tensor.focalLoss(
      [logits], labels: Tensor(labels, shape: [1, 8]), classes: 3, imageWeights: [0.5],
      alpha: 0.25, gamma: gamma)
    kernel.backward()
    let other = logits.detached().cloned().requiringGradient()
    let rows = other.permuted([0, 2, 3, 1]).reshaped([8, 3])
    let defined = reference(rows, labels, gamma: gamma) * 0.5
    defined.backward()
    expectClose([kernel.item()], [defined.item()], tolerance: 1e-5)
    expectClose(
      logits.gradient?.doubles() ?? [], other.gradient?.doubles() ?? [0], tolerance: 1e-5)
  }

  @Test func ignoredAnchorsCountNothing() {
    let logits = Tensor([3.0, -2.0] as [Float], shape: [1, 1, 1, 2]).requiringGradient()
    let labels = Tensor([-2, 0] as [Int], shape: [1, 2])
    let loss = Tensor.focalLoss(
      [logits], labels: labels, classes: 1, imageWeights: [1], alpha: 0.25, gamma: 2)
    loss.backward()
    let alone = reference(Tensor([-2.0] as [Float], shape: [1, 1]), [0], gamma: 2)
    expectClose([loss.item()], [alone.item()], tolerance: 1e-6)
    #expect(logits.gradient?.floats().first == 0)
  }

  @Test func extremeLogitsStayFinite() {
    let logits = Tensor([200, -200, 90, -90] as [Float], shape: [1, 1, 1, 4]).requiringGradient()
    let loss = Tensor.focalLoss(
      [logits], labels: Tensor([-1, 0, 0, -1] as [Int], shape: [1, 4]), classes: 1,
      imageWeights: [1],
      alpha: 0.25, gamma: 2)
    loss.backward()
    expectClose([loss.item()], [0.75 * 200 + 0.25 * 200], tolerance: 1e-5)
    #expect(logits.gradient?.isFinite().all() == true)
  }
}

// Boxes as tensors: their overlaps all at once, and a box moved onto another by gradients.
import DetTensor

/// Intersection over union of boxes [n, 4] with boxes [m, 4] as x0 y0 x1 y1: [n, m].
func overlaps(_ left: Tensor, _ right: Tensor) -> Tensor {
  let a = left.unsqueezed(1)  // [n, 1, 4]
  let b = right.unsqueezed(0)  // [1, m, 4]
  func edge(_ boxes: Tensor, _ index: Int) -> Tensor { boxes.selected(dim: -1, index) }
  func area(_ boxes: Tensor) -> Tensor {
    (edge(boxes, 2) - edge(boxes, 0)) * (edge(boxes, 3) - edge(boxes, 1))
  }
  let width = edge(a, 2).minimum(edge(b, 2)) - edge(a, 0).maximum(edge(b, 0))
  let height = edge(a, 3).minimum(edge(b, 3)) - edge(a, 1).maximum(edge(b, 1))
  let shared = width.clamped(min: 0) * height.clamped(min: 0)
  return shared / (area(a) + area(b) - shared)
}

let found = Tensor([0, 0, 10, 10, 4, 4, 14, 12], shape: [2, 4])
let truth = Tensor([5, 5, 15, 15], shape: [1, 4])
print("shape:", overlaps(found, truth).shape)
print("overlaps:", overlaps(found, truth).floats().map { ($0 * 1000).rounded() / 1000 })

// The second box climbs towards the truth, in steps that get smaller.
let box = found.narrowed(dim: 0, from: 1, count: 1).cloned().requiringGradient()
for step in 0..<200 {
  let loss = (1 - overlaps(box, truth)).sum()
  loss.backward()
  withoutGradient {
    if let gradient = box.gradient { box.add_(gradient, times: Double(step) / 100 - 2) }
    box.gradient = nil
  }
}
print("after 200 steps: overlap above 0.95:", overlaps(box, truth).item() > 0.95)

import DetTensor

/// Boxes of a batch without gradients, one image after the other: what is proposed, and what a head looks at.
struct Regions {
  let boxes: Tensor  // [M, 4]
  let counts: [Int]
}

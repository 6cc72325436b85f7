import DetTensor

extension ImageExtents {
  /// The sizes of the images of a batch.
  init(_ sizes: [ImageSize]) {
    self.init(heights: sizes.map { Double($0.height) }, widths: sizes.map { Double($0.width) })
  }
}

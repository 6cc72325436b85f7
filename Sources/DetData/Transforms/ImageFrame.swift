import DetBasics

/// The room that the images of a batch are fitted into: the input, lying as they do.
///
/// An input means its long and its short side: at 1333x800 an image of 640x480 pixels becomes 1067x800, one of 480x640
/// becomes 800x1067, as in the paper's code base.
struct ImageFrame: Equatable {
  /// The input, or the input turned.
  let size: PixelSize
  /// Whether random quarter turns swap the sides of the batch's images, so that all lie alike; nil: of each as it comes.
  let swapsSides: Bool?
}

extension ImagePlanner {
  /// The frame of a batch of samples: of those that lie otherwise than most, more is lost, and nothing exceeds it.
  func frame(of samples: [Int], _ generator: Generator) -> ImageFrame {
    guard fitting == .inside, input.width != input.height else {
      return ImageFrame(size: input, swapsSides: nil)
    }
    let tall = samples.count { sizes[$0].isTall }
    let wide = samples.count { sizes[$0].turned.isTall }
    var isTall = tall == wide ? input.isTall : tall > wide
    var swapsSides: Bool?
    if augmentation.quarterTurns {
      var generator = generator
      let isSwapped = generator.chance(0.5)
      swapsSides = isSwapped
      if isSwapped { isTall.toggle() }
    }
    return ImageFrame(
      size: isTall == input.isTall ? input : input.turned, swapsSides: swapsSides)
  }
}

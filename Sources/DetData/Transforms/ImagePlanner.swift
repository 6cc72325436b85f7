import DetBasics

/// Draws the plans of images: fitted into their batch's frame, with the random changes of an augmentation.
struct ImagePlanner {
  let input: PixelSize
  let fitting: LoaderConfiguration.Fitting
  let augmentation: Augmentation
  let sizes: [PixelSize]

  /// The plan for one sample in a frame; the same generator gives the same plan.
  func plan(_ sample: Int, in frame: ImageFrame, _ generator: Generator) -> ImagePlan {
    var generator = generator
    let isMosaic = augmentation.mosaic > 0 && generator.chance(augmentation.mosaic)
    let content =
      isMosaic ? mosaic(sample, frame, &generator) : single(sample, frame, &generator)
    return ImagePlan(
      parts: content.parts, size: content.size, colour: augmentation.colour(&generator),
      keep: augmentation.keep)
  }

  /// The largest size of the image's shape inside `input`.
  static func fitted(_ size: PixelSize, into input: PixelSize, scale jitter: Double = 1)
    -> PixelSize
  {
    let byWidth = Double(input.width) / Double(size.width)
    let byHeight = Double(input.height) / Double(size.height)
    let scale = min(byWidth, byHeight) * jitter
    return PixelSize(
      width: max(1, Int((Double(size.width) * scale).rounded())),
      height: max(1, Int((Double(size.height) * scale).rounded())))
  }

  private func single(
    _ sample: Int, _ frame: ImageFrame, _ generator: inout Generator
  ) -> (parts: [ImagePlan.Part], size: PixelSize) {
    let (turning, turned, isMirrored) = turn(sample, frame, &generator)
    if let crop = filling(turned, &generator) {
      let part = ImagePlan.Part(
        sample: sample, turning: turning, crop: crop,
        target: PixelRegion(x: 0, y: 0, width: input.width, height: input.height),
        isMirrored: isMirrored)
      return ([part], input)
    }
    var crop = Rectangle(turned)
    if augmentation.crop < 1 { crop = randomPart(of: turned, &generator) }
    let jitter = scale(&generator)
    let cropSize = PixelSize(width: Int(crop.width), height: Int(crop.height))
    let resized = Self.fitted(cropSize, into: frame.size, scale: jitter)
    let size = PixelSize(
      width: min(resized.width, frame.size.width), height: min(resized.height, frame.size.height))
    if size != resized {
      let x = (1 - Double(size.width) / Double(resized.width)) * crop.width
      let y = (1 - Double(size.height) / Double(resized.height)) * crop.height
      let left = crop.x0 + x * generator.uniform()
      let top = crop.y0 + y * generator.uniform()
      crop = Rectangle(x0: left, y0: top, x1: left + crop.width - x, y1: top + crop.height - y)
    }
    let part = ImagePlan.Part(
      sample: sample, turning: turning, crop: crop,
      target: PixelRegion(x: 0, y: 0, width: size.width, height: size.height),
      isMirrored: isMirrored)
    return ([part], size)
  }

  private func turn(
    _ sample: Int, _ frame: ImageFrame, _ generator: inout Generator
  ) -> (turning: ImageOrientation, size: PixelSize, isMirrored: Bool) {
    let isMirrored = augmentation.flip > 0 && generator.chance(augmentation.flip)
    let isFlipped = augmentation.verticalFlip > 0 && generator.chance(augmentation.verticalFlip)
    let turns: [ImageOrientation] =
      isFlipped
      ? [.flipped, .transverse, .mirrored, .transposed]
      : [.upright, .turnedRight, .turnedHalf, .turnedLeft]
    var quarter = augmentation.quarterTurns ? generator.index(below: 4) : 0
    if let swapsSides = frame.swapsSides { quarter = quarter / 2 * 2 + (swapsSides ? 1 : 0) }
    let turning = turns[quarter]
    let size = sizes[sample]
    return (turning, turning.swapsSides ? size.turned : size, isMirrored)
  }

  private func scale(_ generator: inout Generator) -> Double {
    let low = augmentation.scaleLow
    let high = augmentation.scaleHigh
    return high > low ? generator.uniform(low..<high) : low
  }

  private func randomPart(of size: PixelSize, _ generator: inout Generator) -> Rectangle {
    func span(_ length: Int) -> (from: Double, to: Double) {
      let share = generator.uniform(augmentation.crop..<1)
      let part = max(1, Int((Double(length) * share).rounded()))
      let start = generator.index(below: length - part + 1)
      return (Double(start), Double(start + part))
    }
    let across = span(size.width)
    let down = span(size.height)
    return Rectangle(x0: across.from, y0: down.from, x1: across.to, y1: down.to)
  }

  /// Four samples around a random point, each at the size it would have alone and cut at its quarter.
  private func mosaic(
    _ sample: Int, _ frame: ImageFrame, _ generator: inout Generator
  ) -> (parts: [ImagePlan.Part], size: PixelSize) {
    let canvas = frame.size
    let centreX = Int(Double(canvas.width) * generator.uniform(0.3..<0.7))
    let centreY = Int(Double(canvas.height) * generator.uniform(0.3..<0.7))
    let parts = (0..<4).map { quarter in
      let chosen = quarter == 0 ? sample : generator.index(below: sizes.count)
      let (turning, turned, isMirrored) = turn(chosen, frame, &generator)
      let resized = Self.fitted(turned, into: input.lying(as: turned), scale: scale(&generator))
      let isLeft = quarter % 2 == 0
      let isUpper = quarter < 2
      let width = min(resized.width, isLeft ? centreX : canvas.width - centreX)
      let height = min(resized.height, isUpper ? centreY : canvas.height - centreY)
      let usedX = Double(width) / Double(resized.width) * Double(turned.width)
      let usedY = Double(height) / Double(resized.height) * Double(turned.height)
      let left = (Double(turned.width) - usedX) * generator.uniform()
      let top = (Double(turned.height) - usedY) * generator.uniform()
      return ImagePlan.Part(
        sample: chosen, turning: turning,
        crop: Rectangle(x0: left, y0: top, x1: left + usedX, y1: top + usedY),
        target: PixelRegion(
          x: isLeft ? centreX - width : centreX, y: isUpper ? centreY - height : centreY,
          width: width, height: height),
        isMirrored: isMirrored)
    }
    return (parts, canvas)
  }
}

import CImage

/// Carries out an ``ImagePlan``: reads the pixels, resizes, changes colour, normalises and packs in one pass.
struct ImageRenderer: Sendable {
  let dataset: Dataset
  let normalisation: Normalisation
  let layout: PixelLayout
  let limits: ImageLimits
  let cache: PictureCache

  /// Writes the image and zeros around it into `target`, `padded` pixels large.
  func render(
    _ plan: ImagePlan, into target: UnsafeMutablePointer<Float>, padded: PixelSize
  ) throws {
    clearAround(plan, target, padded)
    for part in plan.parts {
      let sample = dataset.samples[part.sample]
      let picture = try picture(for: part, of: sample)
      try draw(picture, part, plan.colour, sample, target, padded)
    }
  }

  /// A view into a decoded picture: the sample's part of it.
  private struct Pixels {
    let picture: PixelImage
    let region: PixelRegion
  }

  private func picture(for part: ImagePlan.Part, of sample: Sample) throws -> Pixels {
    let isPart = sample.region != nil
    var whole: PixelImage
    if isPart || cache.keepsWholeImages {
      whole = try cache.picture(sample.path) { try sample.wholePicture(limits: limits) }
    } else {
      whole = try sample.wholePicture(limits: limits, atLeast: smallestUseful(part, sample))
    }
    if let region = sample.region {
      guard part.turning != .upright else { return Pixels(picture: whole, region: region) }
      whole = whole.cropped(region)
    }
    whole = whole.turned(from: part.turning)
    return Pixels(
      picture: whole, region: PixelRegion(x: 0, y: 0, width: whole.width, height: whole.height))
  }

  /// The size of the whole image below which the part used would have to be enlarged.
  private func smallestUseful(_ part: ImagePlan.Part, _ sample: Sample) -> PixelSize {
    let turned = part.turning.swapsSides ? sample.imageSize.turned : sample.imageSize
    let width = (Double(turned.width) * Double(part.target.width) / part.crop.width).rounded(.up)
    let height = (Double(turned.height) * Double(part.target.height) / part.crop.height).rounded(
      .up)
    let size = PixelSize(width: Int(width), height: Int(height))
    return part.turning.swapsSides ? size.turned : size
  }

  private func draw(
    _ pixels: Pixels, _ part: ImagePlan.Part, _ colour: ColourMatrix, _ sample: Sample,
    _ target: UnsafeMutablePointer<Float>, _ padded: PixelSize
  ) throws {
    let region = pixels.region
    let sampleSize = part.turning.swapsSides ? sample.size.turned : sample.size
    // A decoder that shrank the picture on the way shrank the crop with it.
    let scaleX = Double(region.width) / Double(sampleSize.width)
    let scaleY = Double(region.height) / Double(sampleSize.height)
    let strides = Strides(layout, padded)
    var output = cimage_target()
    output.pixels = target + part.target.y * strides.row + part.target.x * strides.pixel
    output.width = Int32(part.target.width)
    output.height = Int32(part.target.height)
    output.pixel_stride = strides.pixel
    output.row_stride = strides.row
    output.channel_stride = strides.channel
    output.mirrored = part.isMirrored
    var tone = tone(colour)
    try pixels.picture.pixels.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      var source = cimage_source()
      source.rgb = base + 3 * (region.y * pixels.picture.width + region.x)
      source.row_bytes = 3 * pixels.picture.width
      source.width = Int32(region.width)
      source.height = Int32(region.height)
      source.x0 = part.crop.x0 * scaleX
      source.x1 = part.crop.x1 * scaleX
      source.y0 = part.crop.y0 * scaleY
      source.y1 = part.crop.y1 * scaleY
      try shim(sample.place) { cimage_resample(&source, &output, &tone, $0) }
    }
  }

  private func tone(_ colour: ColourMatrix) -> cimage_tone {
    var tone = cimage_tone()
    let scale = normalisation.scale
    let bias = normalisation.bias
    tone.scale = (scale[0], scale[1], scale[2])
    tone.bias = (bias[0], bias[1], bias[2])
    tone.has_colour = !colour.isIdentity
    withUnsafeMutableBytes(of: &tone.colour) { bytes in
      colour.rows.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
    return tone
  }

  /// Zeros right of and below the image, or everywhere when parts may leave gaps.
  private func clearAround(
    _ plan: ImagePlan, _ target: UnsafeMutablePointer<Float>, _ padded: PixelSize
  ) {
    guard plan.parts.count == 1 else {
      target.update(repeating: 0, count: 3 * padded.area)
      return
    }
    let strides = Strides(layout, padded)
    let planes = layout == .planar ? 3 : 1
    let used = plan.size.width * strides.pixel
    let row = padded.width * strides.pixel
    for plane in 0..<planes {
      let start = target + plane * padded.area
      if used < row {
        for y in 0..<plan.size.height {
          (start + y * strides.row + used).update(repeating: 0, count: row - used)
        }
      }
      let below = padded.height - plan.size.height
      (start + plan.size.height * strides.row).update(repeating: 0, count: below * row)
    }
  }

  /// Distances in floats from one pixel, row and channel to the next.
  struct Strides {
    let pixel: Int
    let row: Int
    let channel: Int

    init(_ layout: PixelLayout, _ size: PixelSize) {
      pixel = layout == .planar ? 1 : 3
      row = size.width * pixel
      channel = layout == .planar ? size.area : 1
    }
  }
}

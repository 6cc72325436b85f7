/// What one image of a batch will be made of: settled before any pixel is read, from sizes and seeds alone.
struct ImagePlan: Equatable {
  /// A part of a sample and where it goes.
  struct Part: Equatable {
    /// Index of the sample in the data set.
    let sample: Int
    /// How the sample is turned first.
    let turning: ImageOrientation
    /// The part used, in pixels of the turned sample.
    let crop: Rectangle
    /// Where it goes, in pixels of the result.
    let target: PixelRegion
    /// Swaps left and right within the target.
    let isMirrored: Bool
  }

  let parts: [Part]
  /// The size of the result before padding.
  let size: PixelSize
  let colour: ColourMatrix
  /// A box is an object when more than this share of it is in the part used; less of it is ignored.
  let keep: Double
}

extension ImagePlan.Part {
  /// The sample's boxes as they lie in the result, ignored where too little of them is left; `sampleSize` is the size before
  /// turning.
  func boxes(of boxes: [LabelledBox], sampleSize: PixelSize, keep: Double) -> [LabelledBox] {
    let scaleX = Double(target.width) / crop.width
    let scaleY = Double(target.height) / crop.height
    return boxes.compactMap { box in
      let turned = box.turned(from: turning, in: sampleSize)
      let moved = turned.mapped(x: -crop.x0, y: -crop.y0, scaleX: 1, scaleY: 1)
      var part = moved.clipped(width: crop.width, height: crop.height)
      guard part.hasArea else { return nil }
      if part != moved {
        if part.boxArea <= keep * moved.boxArea { part.isIgnored = true }
        part.area = moved.area.map { $0 * part.boxArea / moved.boxArea }
      }
      var result = part.mapped(x: 0, y: 0, scaleX: scaleX, scaleY: scaleY)
      if isMirrored { result = result.mirrored(width: Double(target.width)) }
      return result.mapped(x: Double(target.x), y: Double(target.y), scaleX: 1, scaleY: 1)
    }
  }
}

extension LabelledBox {
  /// The box after left and right of an image of `width` changed places.
  func mirrored(width: Double) -> LabelledBox {
    var box = self
    box.x0 = width - x1
    box.x1 = width - x0
    return box
  }

  /// The box after its image of `size` was turned upright from `orientation`.
  func turned(from orientation: ImageOrientation, in size: PixelSize) -> LabelledBox {
    let width = Double(size.width)
    let height = Double(size.height)
    let corners: (Double, Double, Double, Double) =
      switch orientation {
      case .upright: (x0, y0, x1, y1)
      case .mirrored: (width - x1, y0, width - x0, y1)
      case .turnedHalf: (width - x1, height - y1, width - x0, height - y0)
      case .flipped: (x0, height - y1, x1, height - y0)
      case .transposed: (y0, x0, y1, x1)
      case .turnedRight: (height - y1, x0, height - y0, x1)
      case .transverse: (height - y1, width - x1, height - y0, width - x0)
      case .turnedLeft: (y0, width - x1, y1, width - x0)
      }
    var box = self
    (box.x0, box.y0, box.x1, box.y1) = corners
    return box
  }
}

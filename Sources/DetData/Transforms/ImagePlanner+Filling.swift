import DetBasics

extension ImagePlanner {
  /// The part of an image that fills the whole input, as classifiers want it; nil when images are to fit inside.
  func filling(_ size: PixelSize, _ generator: inout Generator) -> Rectangle? {
    switch fitting {
    case .inside: nil
    case .centre(let share): middle(of: size, share: share)
    case .randomPart(let area, let ratio):
      part(of: size, area: area, ratio: ratio, &generator) ?? middle(of: size, share: 1)
    }
  }

  private func middle(of size: PixelSize, share: Double) -> Rectangle {
    let scale = min(
      Double(size.width) / Double(input.width), Double(size.height) / Double(input.height))
    let width = Double(input.width) * scale * share
    let height = Double(input.height) * scale * share
    let left = (Double(size.width) - width) / 2
    let top = (Double(size.height) - height) / 2
    return Rectangle(x0: left, y0: top, x1: left + width, y1: top + height)
  }

  /// Ten tries, as is the custom; nil when none fits into the image.
  private func part(
    of size: PixelSize, area: ClosedRange<Double>, ratio: ClosedRange<Double>,
    _ generator: inout Generator
  ) -> Rectangle? {
    let shape = Double(input.width) / Double(input.height)
    for _ in 0..<10 {
      let pixels = Double(size.area) * Self.between(area, generator.uniform())
      // The logarithm of the ratio is uniform: twice as wide is as likely as twice as high.
      let span = ratio.upperBound / ratio.lowerBound
      let stretched = shape * ratio.lowerBound * Self.power(span, generator.uniform())
      let width = (pixels * stretched).squareRoot().rounded()
      let height = (pixels / stretched).squareRoot().rounded()
      guard width >= 1, height >= 1, width <= Double(size.width), height <= Double(size.height)
      else { continue }
      let left = Double(generator.index(below: size.width - Int(width) + 1))
      let top = Double(generator.index(below: size.height - Int(height) + 1))
      return Rectangle(x0: left, y0: top, x1: left + width, y1: top + height)
    }
    return nil
  }

  private static func between(_ range: ClosedRange<Double>, _ share: Double) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * share
  }

  /// `base` to the power of 0 to 1 by square roots alone, which every machine rounds alike.
  private static func power(_ base: Double, _ exponent: Double) -> Double {
    var result = 1.0
    var root = base
    var rest = exponent
    for _ in 0..<40 {
      root.formSquareRoot()
      rest *= 2
      if rest >= 1 {
        result *= root
        rest -= 1
      }
    }
    return result
  }
}

/// Tells from all boxes of a file together whether they were written as something else than x, y, width and height:
/// every one of them would have to be that by chance.
struct BoxShapes {
  private var count = 0
  private var cornersThatFit = 0
  private var beyond = 0
  private var shares = 0

  /// Takes a box as it is written, before it is cut at the image's edge.
  mutating func add(_ box: LabelledBox, in size: PixelSize) {
    let (width, height) = (Double(size.width), Double(size.height))
    let (x, y, right, lower) = (box.x0, box.y0, box.width, box.height)
    count += 1
    let fits =
      right > x && lower > y && x >= 0 && y >= 0 && right <= width + 1 && lower <= height + 1
    cornersThatFit += fits ? 1 : 0
    beyond += box.x1 > width + 1 || box.y1 > height + 1 ? 1 : 0
    let sides = [x, y, right, lower]
    let isShare =
      sides.allSatisfy { (0...1).contains($0) } && sides.contains { $0 != $0.rounded() }
    shares += isShare && width > 8 && height > 8 ? 1 : 0
  }

  /// What they look like; nil: boxes.
  var problem: String? {
    if count >= 3, shares == count {
      return "all \(count) boxes are shares of the image's width and height, not pixels"
    }
    if beyond >= 2, beyond * 5 >= count, cornersThatFit == count {
      return
        "\(beyond) of \(count) boxes reach beyond their images, and none would if the four numbers were corners "
        + "x0, y0, x1, y1"
    }
    return nil
  }
}

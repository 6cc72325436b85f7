/// Takes boxes as annotation files state them: clips at the image's edge, refuses what cannot be kept,
/// and writes down every change.
struct BoxIntake {
  private(set) var repairs: [Repair] = []

  /// The box as it can be used in an image of `size`; nil when it has to be left out.
  mutating func take(_ box: LabelledBox, in size: PixelSize, place: String) -> LabelledBox? {
    guard box.hasArea else {
      note(.boxWithoutArea, place, "the box \(Self.words(box)) has no area and is left out")
      return nil
    }
    let clipped = box.clipped(width: Double(size.width), height: Double(size.height))
    guard clipped.hasArea else {
      note(
        .boxWithoutArea, place,
        "the box \(Self.words(box)) lies outside the image of \(size) and is left out")
      return nil
    }
    if clipped != box {
      note(
        .boxClipped, place,
        "the box \(Self.words(box)) reaches beyond the image of \(size) and is cut there")
    }
    return clipped
  }

  mutating func note(_ kind: Repair.Kind, _ place: String, _ detail: String) {
    repairs.append(Repair(kind: kind, place: place, detail: detail))
  }

  static func words(_ box: LabelledBox) -> String {
    [box.x0, box.y0, box.x1, box.y1].map { number in
      number == number.rounded() && abs(number) < 1e9 ? "\(Int(number))" : "\(number)"
    }.joined(separator: " ")
  }
}

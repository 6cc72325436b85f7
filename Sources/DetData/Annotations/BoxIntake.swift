import DetBasics

/// Takes boxes as annotation files state them: clips at the image's edge, refuses what cannot be kept,
/// and records every change.
struct BoxIntake {
  let policy: FaultPolicy
  private(set) var repairs: [Repair] = []
  private(set) var faults: [Finding] = []

  init(_ policy: FaultPolicy) { self.policy = policy }

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

  /// Lists what was thrown and continues, or throws it again, as the policy says.
  mutating func fault(_ error: any Error) throws {
    guard policy == .collect else { throw error }
    if let error = error as? DataError {
      faults.append(
        Finding(kind: error.kind, place: error.place, detail: error.problem, cure: error.cure))
    } else if let error = error as? FileError {
      faults.append(
        Finding(
          kind: .imageBroken, place: error.path, detail: error.problem, cure: error.cure))
    } else {
      throw error
    }
  }

  /// An image that is not there: left out and noted when the source allows it, a fault otherwise.
  mutating func missing(_ image: String, in folder: String, place: String, isAllowed: Bool) throws {
    let problem = "the image \(image) is not in \(folder)"
    guard !isAllowed else { return note(.imageMissing, place, problem) }
    try fault(
      DataError(
        place: place, problem: problem,
        cure: "check \"images\", or set \"skipMissing\": true to leave such images out",
        kind: .imageMissing))
  }

  /// The corners, to hundredths of a pixel; in full where that would hide by how little a corner is no whole number.
  static func words(_ box: LabelledBox) -> String {
    [box.x0, box.y0, box.x1, box.y1].map { number in
      if number == number.rounded() && abs(number) < 1e9 { return "\(Int(number))" }
      let short = number.fixed(2)
      return short.hasSuffix(".00") ? "\(number)" : short
    }.joined(separator: " ")
  }
}

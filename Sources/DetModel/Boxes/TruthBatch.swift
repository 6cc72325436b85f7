import DetTensor

/// The truths of a batch, one image after the other.
struct TruthBatch {
  let boxes: Tensor  // [T, 4]
  let labels: Tensor  // [T] int64, classes from 0
  let perImage: [[Box]]
  let counts: [Int]
  /// The boxes in which nothing is background; nil when no image has any.
  let ignored: IgnoredBoxes?
  let ignoredPerImage: [[Box]]
  /// The first image's number in its batch, of which this may be a part.
  let firstImage: Int
  private let team: any Team
  /// Images that losses are means over: those of all ranks.
  let images: Int

  init(
    _ truths: [ImageTargets], firstImage: Int = 0, team: any Team = Alone(), device: Device = .cpu
  ) {
    self.firstImage = firstImage
    self.team = team
    images = team.total(truths.count)
    boxes = Self.rows(truths.flatMap(\.boxes), device)
    labels = Tensor(truths.flatMap(\.labels), shape: [boxes.size(0)]).moved(to: device)
    perImage = truths.map(\.boxes)
    counts = perImage.map(\.count)
    ignoredPerImage = truths.map(\.ignored)
    let ignored = ignoredPerImage.flatMap { $0 }
    self.ignored =
      ignored.isEmpty
      ? nil
      : IgnoredBoxes(boxes: Self.rows(ignored, device), counts: ignoredPerImage.map(\.count))
  }

  private static func rows(_ boxes: [Box], _ device: Device) -> Tensor {
    Tensor(boxes.flatMap { [$0.x0, $0.y0, $0.x1, $0.y1] }, shape: [boxes.count, 4])
      .moved(to: device)
  }

  /// A number that a loss divides by, counted over all ranks, so that their losses and gradients add up to those of the whole
  /// batch.
  func total(_ count: Int) -> Int { team.total(count) }

  var isEmpty: Bool { counts.allSatisfy { $0 == 0 } }

  /// The truths' boxes after each image's own boxes.
  func appended(to boxes: Tensor, counts own: [Int]) -> (boxes: Tensor, counts: [Int]) {
    if isEmpty { return (boxes, own) }
    let proposals = boxes.split(sizes: own)
    let truths = self.boxes.split(sizes: counts)
    let parts = zip(proposals, truths).flatMap { [$0, $1] }
    return (Tensor.concatenated(parts), zip(own, counts).map(+))
  }

  /// For each match the class plus one, and 0 for background (the order of the head's scores).
  func scoreColumns(of matches: Tensor) -> Tensor {
    if isEmpty { return Tensor.zeros(like: matches) }
    let classes = labels.rows(at: matches.clamped(min: 0)) + 1
    return classes.filled(where: matches.less(than: 0), with: 0)
  }
}

extension Team {
  /// The sum of a number over all ranks; the number itself when a rank is lost, which the team's next call throws again.
  fileprivate func total(_ count: Int) -> Int {
    guard !isAlone, let sum = try? sum([Double(count)]).first else { return count }
    return Int(sum)
  }
}

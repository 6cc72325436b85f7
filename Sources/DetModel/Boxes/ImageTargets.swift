/// What is to be found in one training image.
public struct ImageTargets: Hashable, Sendable {
  /// The boxes.
  public let boxes: [Box]
  /// For each box its class, from 0.
  public let labels: [Int]

  /// One label for each box.
  public init(boxes: [Box], labels: [Int]) {
    precondition(
      boxes.count == labels.count, "there are \(boxes.count) boxes, but \(labels.count) labels")
    self.boxes = boxes
    self.labels = labels
  }
}

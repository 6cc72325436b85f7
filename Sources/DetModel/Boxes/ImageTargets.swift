/// What is to be found in one training image.
public struct ImageTargets: Hashable, Sendable {
  /// The boxes.
  public let boxes: [Box]
  /// For each box its class, from 0.
  public let labels: [Int]
  /// Boxes whose content is neither an object to learn nor background: crowds, objects that are hard to see, parts of
  /// objects that an edge cuts.
  public let ignored: [Box]

  /// One label for each box.
  public init(boxes: [Box], labels: [Int], ignored: [Box] = []) {
    precondition(
      boxes.count == labels.count, "there are \(boxes.count) boxes, but \(labels.count) labels")
    self.boxes = boxes
    self.labels = labels
    self.ignored = ignored
  }
}

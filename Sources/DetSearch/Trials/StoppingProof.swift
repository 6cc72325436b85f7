import DetBasics

/// Why a training need not go on, as data: another trial is at least as good in every objective, even if this one should gain as much
/// from there as any that was trained to its end. See ``EarlyStopping``.
public struct StoppingProof: Hashable, Sendable, Codable {
  /// The trial that it cannot beat.
  public let rival: Int
  /// The epoch after which that was seen.
  public let epoch: Int
  /// Epochs that it was to be trained.
  public let epochs: Int
  /// The accuracies after that epoch, by the metrics' names.
  public let reached: [String: Double]
  /// What was to be expected in the end of every objective, by its name: accuracies with the mean gain of others, costs as they are.
  public let expected: [String: Double]
  /// The accuracies that it would have reached at most, by the metrics' names.
  public let most: [String: Double]
  /// Seconds that the rest of the training would have taken, at the pace of the epochs before.
  public var secondsSaved = 0.0

  /// Describes a proof.
  public init(
    rival: Int, epoch: Int, epochs: Int, reached: [String: Double], expected: [String: Double],
    most: [String: Double], secondsSaved: Double = 0
  ) {
    self.rival = rival
    self.epoch = epoch
    self.epochs = epochs
    self.reached = reached
    self.expected = expected
    self.most = most
    self.secondsSaved = secondsSaved
  }

  /// The reason in words.
  public var reason: String {
    let values = most.sorted { $0.key < $1.key }
      .map { "\($0.key) \($0.value.fixed(3)) instead of \((reached[$0.key] ?? 0).fixed(3))" }
    return
      "after epoch \(epoch) of \(epochs): even with \(values.joined(separator: ", ")) trial \(rival) is at least as good at no higher cost"
  }
}

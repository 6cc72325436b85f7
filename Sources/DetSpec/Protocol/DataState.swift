/// What the data of a run are, so that every trial of it learns from the same and is judged by the same.
public struct DataState: Sendable, Hashable, Codable {
  /// The digest of the training set.
  public let train: String
  /// The digest of the validation set.
  public let validation: String
  /// The file that lists the data image by image.
  public let inventory: String

  /// Describes data.
  public init(train: String, validation: String, inventory: String) {
    self.train = train
    self.validation = validation
    self.inventory = inventory
  }

  /// Both digests as one word.
  public var fingerprint: String { "\(train)-\(validation)" }
}

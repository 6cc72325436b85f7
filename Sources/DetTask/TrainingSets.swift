public import DetBasics
public import DetData

/// The two data sets of a training, checked to go together.
public struct TrainingSets {
  /// What is learnt from.
  public let train: Dataset
  /// What accuracy is measured on.
  public let validation: Dataset

  /// How the training images were cut; nil when they are whole.
  public let tiles: Tiling?

  /// How the sets are described in a plan or a job: `{"train": {…}, "validation": {…}}`.
  public struct Description: Codable, Sendable, Hashable {
    /// What is learnt from.
    public let train: DatasetSource
    /// What accuracy is measured on.
    public let validation: DatasetSource

    /// Joins two descriptions.
    public init(train: DatasetSource, validation: DatasetSource) {
      self.train = train
      self.validation = validation
    }

    /// Reads the data section of a job, which passed through the search half unread.
    public init(_ value: JSONValue, source: String) throws {
      self = try JSON.decode(Description.self, from: value, source: source)
    }

    /// The description with every path changed.
    package func changingPaths(_ change: (String) -> String) -> Description {
      Description(
        train: train.changingPaths(change), validation: validation.changingPaths(change))
    }
  }

  /// Loads both sets; they must name the same categories.
  public init(_ description: Description) throws {
    tiles = description.train.tiles
    train = try Dataset.load(description.train)
    validation = try Dataset.load(description.validation)
    let trained = train.categories.map(\.name)
    let judged = validation.categories.map(\.name)
    guard trained == judged else {
      throw DataError(
        place: "data",
        problem:
          "the training set has the classes \(trained.joined(separator: ", ")), the validation set "
          + judged.joined(separator: ", "),
        cure: "give both the same \"classes\" list")
    }
    guard train.objectCount > 0 else {
      throw DataError(
        place: "data", problem: "no image of the training set has a box to learn from",
        cure: "check the annotations and the \"classes\" list")
    }
  }
}

extension TrainingSets {
  /// What became of everything that was found, in words: a line for each of the two sets that was read from files.
  public var accountLines: [String] { Self.accountLines(train: train, validation: validation) }

  /// The same of two sets that were read by themselves.
  public static func accountLines(train: Dataset, validation: Dataset) -> [String] {
    [("training", train), ("validation", validation)].filter { !$0.1.account.lines.isEmpty }
      .map { "\($0): \($1.account.line)" }
  }

  /// How many images an epoch of a recipe trains on.
  ///
  /// - Throws: `DataError` when they do not fill one batch.
  public func trainingImages(backgroundShare share: Double, batch: Int) throws -> Int {
    let count = train.trainingImages(backgroundShare: share)
    guard count < batch else { return count }
    let isAll = count == train.samples.count
    throw DataError(
      place: "data",
      problem: isAll
        ? "the training set has \(count) images, which do not fill a batch of \(batch)"
        : "of the \(train.samples.count) images of the training set \(count) are trained on, which do not fill a "
          + "batch of \(batch): \(train.samples.count - count) have no boxes to learn from",
      cure: isAll
        ? "use a smaller \"batch\" in the recipe"
        : "use a smaller \"batch\" in the recipe, or a larger \"backgroundShare\"")
  }
}

import DetCommand
import DetData
import DetTask
import Foundation

/// The data sets of a plan to be written: as they will be described, and as they look.
struct InitSources {
  private(set) var train: DatasetSource
  private(set) var validation: DatasetSource
  /// The training images, whole.
  let images: Dataset
  /// How many images there will be to measure on.
  let validationImages: Int
  /// What became of everything that was found for training, and for measuring.
  let accountLines: [String]
  /// Whether one data set was divided in two.
  let isDivided: Bool
  /// Why pixels are counted from 0; nil when nothing speaks for it.
  let firstPixelReason: String?

  init(_ arguments: Arguments) throws {
    let images = arguments[SourceOptions.images]
    var train = try Self.source(arguments[InitVerb.train], images: images, arguments)
    let (first, reason) = try Self.countFrom(train)
    train = first.source
    firstPixelReason = reason
    if let path = arguments[SourceOptions.validation] {
      var other = try Self.source(
        path, images: arguments[SourceOptions.validationImages] ?? images, arguments,
        side: .validation)
      if other.firstPixel == nil { other.firstPixel = train.firstPixel }
      if other.format == .shapes { other.seed = arguments[InitVerb.seed].value + 1 }
      (isDivided, validation) = (false, other)
    } else if let file = try SourceOptions.dataFile(arguments[InitVerb.train], arguments),
      file.has(.validation)
    {
      validation = try Self.source(
        arguments[InitVerb.train], images: images, arguments, side: .validation)
      isDivided = false
    } else {
      let share = arguments[InitVerb.share]
      let seed = arguments[InitVerb.seed].value
      validation = train
      validation.split = Split(part: .validation, share: share, seed: seed)
      train.split = Split(part: .train, share: share, seed: seed)
      isDivided = true
    }
    self.train = train
    self.images = try train.split.map { try first.dataset.split($0) } ?? first.dataset
    guard first.dataset.boxCount > 0 else {
      throw DataError(
        place: first.dataset.name, problem: "has no boxes to learn from",
        cure: "a search needs images with boxes; check \"annotations\" and \"classes\"")
    }
    // Both must have the same classes in the same order, also when one of them lacks some.
    let classes = first.dataset.categories.map(\.name)
    if self.train.classes == nil, self.train.classFile == nil {
      self.train.classes = classes
      validation.classes = classes
    }
    let judging = try Dataset.load(validation)
    validationImages = judging.samples.count
    accountLines = TrainingSets.accountLines(train: self.images, validation: judging)
  }

  /// A plan lies in a folder of its own: its paths are made from absolute ones.
  private static func source(
    _ path: String, images: String?, _ arguments: Arguments, side: YOLODataFile.Side = .train
  ) throws -> DatasetSource {
    try SourceOptions.source(path, images: images, arguments, side: side)
      .resolved(against: FileManager.default.currentDirectoryPath)
  }

  /// Reads the data set; a VOC set with boxes that begin at pixel 0 counts from 0.
  private static func countFrom(
    _ source: DatasetSource
  ) throws -> (read: (source: DatasetSource, dataset: Dataset), reason: String?) {
    let dataset = try Dataset.load(source)
    func cut(_ dataset: Dataset) -> Int { dataset.repairs.count { $0.kind == .boxClipped } }
    guard source.format == .voc, source.firstPixel == nil, cut(dataset) > 0 else {
      return ((source, dataset), nil)
    }
    var other = source
    other.firstPixel = 0
    let fromZero = try Dataset.load(other)
    guard cut(fromZero) < cut(dataset) else { return ((source, dataset), nil) }
    let count = cut(dataset) - cut(fromZero)
    return (
      (other, fromZero),
      "\(count) \(count == 1 ? "box begins" : "boxes begin") at pixel 0, which VOC's own files never do"
    )
  }

  /// Cuts both sets into tiles.
  mutating func cut(_ tiles: Tiling?) {
    train.tiles = tiles
    validation.tiles = tiles
  }
}

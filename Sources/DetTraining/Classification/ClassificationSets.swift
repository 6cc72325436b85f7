import DetBasics
public import DetData
import Foundation

/// The two data sets of a classifier's training, from a folder of images per class.
public struct ClassificationSets: Sendable {
  /// What is learnt from.
  public let train: Dataset
  /// What accuracy is measured on.
  public let validation: Dataset

  /// Without a validation folder, one image in this many is kept apart.
  static let apart = 10

  /// Files, in the folder or in its validation folder, that may list the classes of validation images.
  static let labelFiles = [
    "LOC_val_solution.csv", "imagenet_2012_validation_synset_labels.txt", "val.csv", "val.txt",
    "val_labels.txt",
  ]

  /// Reads `FOLDER/train/CLASS/…` and `FOLDER/val/CLASS/…` (or `validation`), as ImageNet lies on disk; a folder that
  /// has the classes in itself is divided, every tenth image of a class for validation. Validation images that lie in
  /// `val` without folders have their classes in one of ``labelFiles``, by the names of the training folders.
  ///
  /// - Throws: `DataError` for what cannot be read, ``TrainingError/data(_:)`` for sets that do not go together.
  public init(folder: String) throws {
    func part(_ name: String) -> String? {
      let path = "\(folder)/\(name)"
      return Files.isFolder(path) ? path : nil
    }
    if let training = part("train"), let judging = part("val") ?? part("validation") {
      train = try Dataset.load(DatasetSource(format: .folders, images: training))
      var source = DatasetSource(format: .folders, images: judging)
      source.annotations = Self.labels(of: judging, in: folder)
      if let labels = source.annotations {
        try Self.checkNames(labels)
        source.classes = train.categories.map(\.name)
      }
      validation = try Dataset.load(source)
    } else {
      let whole = try Dataset.load(DatasetSource(format: .folders, images: folder))
      (train, validation) = Self.divided(whole)
    }
    try check()
  }

  /// The file of labels, where the validation images lie in no folders.
  private static func labels(of judging: String, in folder: String) -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: judging)) ?? []
    let hasFolders = names.contains { !$0.hasPrefix(".") && Files.isFolder("\(judging)/\($0)") }
    guard !hasFolders else { return nil }
    return labelFiles.flatMap { ["\(folder)/\($0)", "\(judging)/\($0)"] }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  /// ImageNet's numbers (ILSVRC2012_validation_ground_truth.txt) do not follow the order of its folders.
  private static func checkNames(_ labels: String) throws {
    let first = try Files.text(labels).prefix { !$0.isNewline }.trimmed
    guard Int(first) != nil else { return }
    throw TrainingError.data(
      "\(labels) gives classes as numbers, and in which order they count it does not say; give the names of the "
        + "training folders, such as n01440764")
  }

  private static func divided(_ whole: Dataset) -> (train: Dataset, validation: Dataset) {
    var train = whole
    var validation = whole
    train.samples = []
    validation.samples = []
    var seen: [Int: Int] = [:]
    for sample in whole.samples {
      let number = seen[sample.label ?? 0, default: 0] + 1
      seen[sample.label ?? 0] = number
      if number.isMultiple(of: apart) {
        validation.samples.append(sample)
      } else {
        train.samples.append(sample)
      }
    }
    return (train, validation)
  }

  private func check() throws {
    let trained = train.categories.map(\.name)
    let judged = validation.categories.map(\.name)
    guard trained == judged else {
      let difference = Set(trained).symmetricDifference(judged).sorted().prefix(5)
      throw TrainingError.data(
        "the training folder has \(trained.count) classes, the validation folder \(judged.count), which differ in "
          + "\(difference.joined(separator: ", ")); give both the same folders")
    }
    guard trained.count >= 2 else {
      throw TrainingError.data(
        "there is only the class \(trained.joined()); to tell classes apart takes two or more folders"
      )
    }
    guard !validation.samples.isEmpty else {
      throw TrainingError.data(
        "no class has \(Self.apart) images, of which one could be kept to judge on; add a folder "
          + "\"val\" beside \"train\"")
    }
  }
}

import DetBasics
import DetData
import DetModel
import DetSearch
import DetSpec
import DetTensor
import DetTraining
import Foundation

/// Trains every backbone of a plan as a classifier, one after the other.
///
/// What is finished is told and kept, what is under way goes on, the others begin: the same command does all of it, however often it
/// was killed.
struct BackboneWalk {
  let folder: BackboneFolder
  let sets: ClassificationSets
  /// What is trained of a backbone, and how.
  let settings: (BackboneSpec) -> Pretraining.Settings
  /// Trains one in a folder, reports to a file, and gives the metrics of its weights.
  let train: (Pretraining.Settings, TrialFolder, _ events: String) throws -> [String: Double]
  /// Tells people how it goes on.
  let tell: (String) -> Void

  /// The backbones of a plan's space, and of the designs that its stage two begins with or that it trains in full.
  static func backbones(of plan: Plan) -> [BackboneSpec] {
    let all =
      (plan.structural?.space.backbones ?? [])
      + ((plan.modular?.designs ?? []) + (plan.final?.designs ?? [])).map(\.backbone)
    return all.enumerated().filter { all.firstIndex(of: $1) == $0 }.map(\.element)
  }

  /// Walks over the backbones, and gives their table.
  func run(_ backbones: [BackboneSpec]) throws -> BackboneTable {
    // All that could be wrong with what is there shows before hours are spent.
    for backbone in backbones { try folder.weights(of: backbone).map { try check($0, backbone) } }
    var table = BackboneTable()
    for (index, backbone) in backbones.enumerated() {
      let place = "backbone \(index + 1) of \(backbones.count): \(backbone.text)"
      table.rows.append(try row(of: backbone, place))
    }
    return table
  }

  private func row(of backbone: BackboneSpec, _ place: String) throws -> BackboneRow {
    if let file = try folder.weights(of: backbone) {
      tell("\(place) is there already: \(file)")
      return try keptRow(of: backbone, file)
    }
    let training = folder.training(backbone)
    let files = FileManager.default
    let metrics: [String: Double]
    if files.fileExists(atPath: training.weights),
      !training.checkpoints.contains(where: files.fileExists(atPath:))
    {
      tell("\(place) is trained already")
      try check(training.weights, backbone)
      metrics = try judge(training.weights)
    } else {
      tell(place)
      metrics = try train(settings(backbone), training, folder.events(backbone))
    }
    // The accuracies are kept before the weights are where the next walk takes them for finished.
    let row = try keep(backbone, training.weights, as: folder.fileName(backbone), metrics)
    try folder.takeOver(backbone)
    return row
  }

  /// The row of weights that are there: with the accuracies of then, those of now where nobody knows, or none for weights from
  /// elsewhere.
  private func keptRow(of backbone: BackboneSpec, _ file: String) throws -> BackboneRow {
    let fingerprint = try StableHash.hex(ofFile: file)
    let known = try folder.read().rows.first {
      $0.backbone == backbone && $0.fingerprint == fingerprint
    }
    if let known { return known }
    let isOurs = (try? ClassifierCheckpoint.read(file)) != nil
    return try keep(backbone, file, as: FilePath.name(of: file), isOurs ? judge(file) : [:])
  }

  /// Makes the row of a backbone, and puts it into the folder's table.
  private func keep(
    _ backbone: BackboneSpec, _ file: String, as name: String, _ metrics: [String: Double]
  ) throws -> BackboneRow {
    let (classes, input) = (sets.train.categories.count, settings(backbone).input)
    let row = BackboneRow(
      backbone, file: name, fingerprint: try StableHash.hex(ofFile: file), metrics: metrics,
      cost: try ClassifierCost(backbone, classes: classes, input: input))
    var table = try folder.read()
    table.put(row)
    try folder.write(table, classes: classes, input: input)
    return row
  }

  /// Fails when a file holds a training that is not the one that is asked for; weights from elsewhere are taken as they are.
  private func check(_ file: String, _ backbone: BackboneSpec) throws {
    guard let saved = try? ClassifierCheckpoint.read(file).checkpoint else { return }
    let changes = try saved.changes(
      to: ClassifierCheckpoint(settings(backbone), sets, epochs: saved.epochs))
    guard changes.isEmpty else {
      throw FileError(
        path: file, problem: "is of another training; changed: \(changes.joined(separator: "; "))",
        cure: "change it back, or choose another --output")
    }
  }

  /// The accuracies of weights in a file.
  private func judge(_ path: String) throws -> [String: Double] {
    let (saved, file) = try ClassifierCheckpoint.read(path)
    let classifier = try ImageClassifier(
      saved.backbone, classes: saved.classes.count, settings: .classifier(saved.recipe),
      seed: saved.seed, device: settings(saved.backbone).device)
    let match = classifier.match(file)
    try PretrainedWeights.check(match, file, against: saved.backbone.text)
    try match.load(file, into: classifier.store)
    return try ClassifierValidation(
      dataset: sets.validation, input: saved.input, batch: min(saved.recipe.batch, Self.most)
    ).evaluate(classifier)
  }

  /// Images that are judged at once.
  private static let most = 32
}

import DetMetrics
import DetSpec

/// What TensorBoard shows of a training: losses, rate and speed by step, losses and accuracy by epoch, curves of precision and
/// recall for each class, pictures with boxes.
final class TrainingBoard {
  private let folder: TrialFolder
  private let firstStep: Int
  private var file: EventFile?

  /// A board whose file is made when there is something to write; `firstStep` steps are behind.
  init(_ folder: TrialFolder, after firstStep: Int) {
    self.folder = folder
    self.firstStep = firstStep
  }

  /// Adds what is told of a step.
  func add(_ told: TrialEvent.Step, step: Int) throws {
    try add(told.metrics, below: "train", step: step)
  }

  /// Adds what is known of an epoch: its mean losses, and what an evaluation found.
  func add(_ metrics: [String: Double], step: Int) throws {
    try add(metrics, below: "epoch", step: step)
  }

  /// Adds what was found on the validation set: a picture, and a curve for each class.
  func add(
    _ found: Validation.Result, of validation: Validation, title: String, step: Int
  ) throws {
    let file = try open()
    try file.add(validation.picture(of: found, title: title), name: "detections", step: step)
    for curve in try validation.counts(of: found) {
      let name = curve.category?.name ?? "all classes"
      try file.add(curve, name: "precision-recall/\(name)", step: step)
    }
  }

  private func add(_ metrics: [String: Double], below group: String, step: Int) throws {
    let named = Dictionary(uniqueKeysWithValues: metrics.map { ("\(group)/\($0.key)", $0.value) })
    try open().add(named, step: step)
  }

  private func open() throws -> EventFile {
    if let file { return file }
    let opened = try EventFile(in: folder.board, from: firstStep)
    file = opened
    return opened
  }
}

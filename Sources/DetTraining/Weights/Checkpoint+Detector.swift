package import DetModel
import DetNN
package import DetSpec
package import DetTensor

extension Checkpoint {
  /// The detector in a file that a training or a run wrote, with its description.
  ///
  /// `precision` is what it computes in; nil leaves that to the recipe.
  package static func detector(
    _ path: String, device: Device = .cpu, precision: Recipe.Precision? = nil
  ) throws -> (checkpoint: Checkpoint, detector: Detector) {
    let (checkpoint, file) = try Checkpoint.read(path)
    var recipe = checkpoint.recipe
    recipe.precision = precision ?? recipe.precision
    let detector = try Detector(
      checkpoint.design, classes: checkpoint.classes.count, recipe: recipe,
      seed: checkpoint.seed, device: device)
    let report = detector.store.load(try file.tensors())
    guard report.missing.isEmpty, report.differing.isEmpty else {
      throw TrainingError.checkpoint(
        path: path,
        problem:
          "lacks \(report.missing.count) of the design's tensors, and \(report.differing.count) "
          + "have other shapes; the file does not belong to \(checkpoint.design.text)")
    }
    return (checkpoint, detector)
  }
}

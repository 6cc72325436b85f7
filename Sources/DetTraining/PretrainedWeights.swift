import DetModel
import DetNN
import DetSpec
import DetTensor

/// Weights that a training starts from: a whole detector's, or a backbone's under torchvision's names.
enum PretrainedWeights {
  /// Copies what fits by name and shape; a file of which nothing fits is an error.
  ///
  /// Names of a bare backbone (`layer1.0.conv1.weight`) are looked for under the detector's
  /// `backbone.body`. A head for other classes keeps its random values.
  static func load(_ path: String, into detector: Detector) throws {
    let file = try Safetensors.read(path).tensors
    let hasBackbonePrefix = file.keys.contains { $0.hasPrefix(prefix) }
    let tensors =
      hasBackbonePrefix
      ? file : Dictionary(uniqueKeysWithValues: file.map { (prefix + $0.key, $0.value) })
    let report = detector.store.load(tensors)
    guard !report.loaded.isEmpty else {
      throw TrainingError.checkpoint(
        path: path,
        problem:
          "fits nothing of \(detector.design.backbone.text): \(report.unused.count) tensors have other names, "
          + "\(report.differing.count) other shapes; name weights of the same backbone")
    }
  }

  private static let prefix = "backbone.body."
}

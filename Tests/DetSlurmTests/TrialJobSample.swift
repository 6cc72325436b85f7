import DetBasics
import DetSpec

enum TrialJobSample {
  /// A job of a small design in a trial's folder.
  static func job(_ folder: TrialFolder, _ recipe: Recipe, id: Int = 1) -> TrialJob {
    guard let design = try? DetectorDesign(text: "128x128 | resnet18 16 | none | rpn | rcnn") else {
      preconditionFailure("the text is a design's")
    }
    return TrialJob(
      id: id, stage: .structural, design: design, recipe: recipe, data: .null, seed: 1,
      device: "cpu", threads: 1, directory: folder.path, resume: false)
  }
}

import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec
import Foundation

/// What the backbones of a run's finals start from: trained as classifiers before, where a plan says so.
struct FinalBackbones {
  private let session: Run
  private let classification: ClassificationPlan
  private let context: Context

  init(_ session: Run, _ classification: ClassificationPlan, _ context: Context) {
    self.session = session
    self.classification = classification
    self.context = context
  }

  /// A line that the training prints: an epoch of a backbone. At the end a table follows, which has no epoch.
  private struct Line: Decodable {
    let backbone: BackboneSpec
    let epoch: Int
    let metrics: [String: Double]
  }

  /// Trains what is not trained yet, and gives the files of weights by backbone; nil when somebody asked to stop.
  func trained(for finals: [Choice]) throws -> [String: BackboneFile]? {
    guard !finals.isEmpty else { return [:] }
    let backbones = Set(finals.map(\.design.backbone)).sorted { $0.text < $1.text }
    context.log(
      "backbones of the finals learn to classify \(classification.data ?? ""): \(backbones.map(\.text).joined(separator: ", "))"
    )
    let isDone = try BackboneTraining(session, classification).train(
      finals, program: context.torch.pretraining(),
      threads: ProcessInfo.processInfo.activeProcessorCount, tell: tell
    ) { Interruption.isRequested }
    guard isDone else { return nil }
    var weights = BackboneWeights()
    weights.folder = session.folder.backbones
    return try weights.found(for: backbones, in: "", plan: session.folder.plan).files
  }

  private func tell(_ line: String) {
    guard let line = try? JSON.decode(Line.self, from: line, source: "an epoch") else { return }
    let accuracies = ["top1", "top5"].compactMap { name in
      line.metrics[name].map { "\(name) \($0.fixed(3))" }
    }
    context.log(
      "\(line.backbone.text): epoch \(line.epoch) of \(classification.recipe.epochs), \(accuracies.joined(separator: ", "))"
    )
  }
}

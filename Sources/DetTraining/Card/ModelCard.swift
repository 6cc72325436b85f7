import DetBasics
import DetData
import DetModel
import DetNN
import DetSpec
import DetTask
import DetTensor
import Foundation

/// What somebody needs to know of trained weights, in Markdown: what they are, of what they were made, how good and how fast
/// they are, and how to use them.
struct ModelCard {
  let job: TrialJob
  let sets: TrainingSets
  let state: TrainingState
  let intervals: [AccuracyInterval]
  let cost: DesignCost
  /// Nil where another program measures it.
  let latency: LatencyReading?
  /// Name and version of the program.
  let program: String

  /// The card.
  var text: String {
    [title, training, data, accuracy, speed, use, versions].joined(separator: "\n\n") + "\n"
  }

  private var title: String {
    let classes = sets.train.categories.map(\.name)
    let named = classes.prefix(100).joined(separator: ", ") + (classes.count > 100 ? ", …" : "")
    return """
      # \(job.design.text)

      A detector of \(classes.count) \(classes.count == 1 ? "class" : "classes") (\(named)) in images of any size, which are \
      brought to \(job.design.input.text) pixels. \
      \(Metric.parameters.text(Double(cost.parameters))) parameters, \
      \(Metric.macs.text(Double(cost.macs))) multiply-accumulates an image.
      """
  }

  private var training: String {
    let recipe = job.recipe
    let start =
      recipe.pretrained.map { "weights of `\(FilePath.name(of: $0))`" } ?? "random weights"
    let json = (try? JSON.text(recipe, pretty: true)) ?? ""
    let precision = recipe.precision.name(on: Device(state.conditions.device) ?? .cpu)
    return """
      ## Training

      \(recipe.epochs) epochs from \(start); \(recipe.batchInWords(atOnce: state.imagesAtOnce)), \(recipe.ratesInWords), \
      \(recipe.norm.rawValue) norm, \(precision), seed \(job.seed), on \(job.device), threads: \
      \(state.conditions.threads). The recipe:

      ```json
      \(json)
      ```
      """
  }

  private var data: String {
    func line(_ name: String, _ set: Dataset) -> String {
      let boxes = set.samples.reduce(0) { $0 + $1.boxes.count { !$0.isIgnored } }
      return "| \(name) | \(set.samples.count) | \(boxes) |"
    }
    let account = sets.accountLines.map { "- \($0)" }.joined(separator: "\n")
    return """
      ## Data

      | set | images | boxes |
      |---|---|---|
      \(line("training", sets.train))
      \(line("validation", sets.validation))
      """ + (account.isEmpty ? "" : "\n\n" + account)
        + "\n\nFingerprint `\(state.conditions.data)`. Their licence is not known to the program: ask whoever published them "
        + "before you pass the weights on."
  }

  private var accuracy: String {
    let rows = intervals.map { number in
      let bounds = number.bounds.map {
        "\($0.lowerBound.fixed(3)) to \($0.upperBound.fixed(3))"
      }
      return "| \(number.name) | \(number.value.fixed(3)) | \(bounds ?? "too few images") |"
    }
    return """
      ## Accuracy

      COCO's numbers on the \(sets.validation.samples.count) validation images, with 95 % intervals over images (AP: bootstrap; \
      the others: jackknife over groups of images). What another seed would change comes on top.

      | number | value | 95 % interval |
      |---|---|---|
      \(rows.joined(separator: "\n"))
      """ + (state.best.map { "\n\n\(kept(best: $0))" } ?? "")
  }

  private func kept(best: BestEpoch) -> String {
    switch job.recipe.keeps {
    case .last:
      "The weights are those after the last epoch; the best AP of an evaluated epoch was \(best.accuracy.fixed(3)), after epoch \(best.epoch)."
    case .best:
      "The weights are those after epoch \(best.epoch) of \(job.recipe.epochs), the best of the evaluated ones. The validation images chose them, so the numbers are a little better than they will be on others."
    }
  }

  private var speed: String {
    guard let latency else { return "## Latency\n\nNot measured here." }
    return """
      ## Latency

      One image, from pixels in memory to boxes, on \(processor), \
      threads: \(state.conditions.threads).

      \(latency.lines.map { "- \($0)" }.joined(separator: "\n"))
      """
  }

  private var processor: String {
    job.device == "cpu" ? MachineSensors.processor() ?? "this machine's processor" : job.device
  }

  private var use: String {
    """
    ## Use

    ```sh
    smnas detect weights.safetensors IMAGE.jpg
    ```

    ```swift
    let detector = try ImageDetector(path: "weights.safetensors")  // of the library DetTraining
    let found = try detector.detect("image.jpg")  // boxes, classes and scores, best first
    ```
    """
  }

  private var versions: String {
    "## Versions\n\n\(program), libtorch \(Torch.version), weights of version \(Checkpoint.currentVersion)."
  }
}

import DetBasics
import DetSearch
import DetSpec
import Foundation

@testable import DetReport

/// A search as it might have gone: 24 trials, most of them finished, a front of five.
enum SampleModel {
  static let backbones = ["resnet18", "resnet34", "basicblock 16 111-21-21-21", "resnet50"]
  static let heads = ["rpn | rcnn", "rpn | cascade 2", "rpn | cascade 3", "none | retinanet"]
  static let inputs = ["320x320", "400x400", "512x512"]

  static var small: ReportModel {
    var model = make(trials: 2)
    model.stages[0].fronts[0].members = [.init("C0", trial: 1)]
    return model
  }

  static func make(trials count: Int = 24, picture: Data = pixel) -> ReportModel {
    var generator = Generator(seed: 3)
    var trials = (1...count).map { trial($0, &generator) }
    if count > 20 {
      trials[6] = ended(trials[6], .crashed(signal: 9))
      trials[13] = ended(trials[13], .timedOut)
      trials[19] = ended(trials[19], .diverged)
      trials[21] = ended(trials[21], .pruned(reason: "no better than trial 12, which needs less"))
      let proof = PruningProof(
        larger: 9, rival: 12, metric: .latency, cost: 61.4, secondsSaved: 95)
      trials[22] = ended(trials[22], .pruned(reason: proof.reason, proof: proof))
      let stop = StoppingProof(
        rival: 12, epoch: 3, epochs: 6, reached: ["AP50": 0.111], expected: ["AP50": 0.15],
        most: ["AP50": 0.222], secondsSaved: 71)
      trials[20] = ended(trials[20], .stopped(reason: stop.reason, proof: stop))
      trials[23] = ended(trials[23], nil)
    }
    let front = frontOf(trials)
    let pictures = front.map {
      ReportModel.Picture(trial: $0.trial, caption: "on validation tile 12", png: picture)
    }
    return ReportModel(
      name: "trees", folder: "runs/demo", plan: "{\n  \"name\": \"trees\",\n  \"seed\": 7\n}",
      facts: [.init("Training images", "140 tiles, 1,213 boxes"), .init("Seed", "7")],
      stages: [
        .init(
          name: "structural",
          objectives: [.averagePrecision50, .latency],
          fronts: [
            .init(
              id: "structural", trials: trials.filter(\.isFinished).map(\.id), members: front,
              hypervolume: progress(trials))
          ])
      ],
      trials: trials, isActive: true, pictures: pictures,
      versions: [.init("smnas", "0.1.0"), .init("libtorch", "2.13.0"), .init("Machine", "2 cores")])
  }

  private static func trial(_ id: Int, _ generator: inout Generator) -> ReportModel.Entry {
    let size = generator.index(below: 3)
    let head = generator.index(below: 4)
    let backbone = generator.index(below: 4)
    let share = generator.uniform()
    let cost = Double((size + 1) * 22 + backbone * 14 + (head % 3) * 9)
    let latency = cost + cost * 0.1 * share
    let gain = 0.05 * latency.squareRoot()
    let luck = 0.12 * generator.uniform()
    let accuracy = min(0.62, 0.1 + gain + luck)
    let neck = "fpn P1-P\(3 + generator.index(below: 3)) 64"
    let epochs = (1...8).map { epoch in
      let rest = 1 / Double(epoch + 1)
      let loss = 2.4 * rest + 0.1 * generator.uniform()
      return ReportModel.Epoch(epoch, ["loss": loss, "AP50": accuracy * (1 - rest)])
    }
    let isChild = id > 8
    let suggestion = Suggestion(
      id: id, stage: .structural, pick: nil, step: id - 1,
      design: design("\(inputs[size]) | \(backbones[backbone]) | \(neck) | \(heads[head])"),
      origin: isChild ? .mutation(parent: 1 + generator.index(below: id - 1)) : .start)
    let metrics = [
      "AP": accuracy * 0.42, "AP50": accuracy, "latency": latency,
      "parameters": 2.1e6 * Double(backbone + 1), "macs": 1.4e9 * Double(size + 1),
    ]
    return ReportModel.Entry(
      Trial(
        suggestion: suggestion, seed: 1, known: id - 1,
        result: .init(
          outcome: .finished(metrics: metrics), sequence: id, seconds: 30 + latency / 2)),
      spreads: ["latency": .init(p10: latency * 0.96, median: latency, p90: latency * 1.07)],
      curve: epochs)
  }

  private static func design(_ text: String) -> DetectorDesign {
    do {
      return try DetectorDesign(text: text)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// The trial with another end; nil leaves it open.
  private static func ended(
    _ trial: ReportModel.Entry, _ outcome: Outcome?
  ) -> ReportModel.Entry {
    var ended = trial
    let begun = trial.record.suggestion
    ended.record = Trial(
      suggestion: Suggestion(
        id: begun.id, stage: begun.stage, pick: begun.pick, step: begun.step,
        design: begun.design, origin: begun.origin,
        prunedBecause: outcome?.kind == .pruned && outcome?.proof == nil ? outcome?.reason : nil),
      seed: trial.record.seed, known: trial.record.known,
      result: outcome.map { .init(outcome: $0, sequence: trial.id, seconds: trial.seconds) })
    ended.spreads = [:]
    ended.curve = Array(trial.curve.prefix(outcome?.kind == .pruned ? 0 : 3))
    return ended
  }

  private static func frontOf(_ trials: [ReportModel.Entry]) -> [ReportModel.Member] {
    let finished = trials.filter(\.isFinished)
      .sorted { $0.metrics["latency"] ?? 0 < $1.metrics["latency"] ?? 0 }
    var best = 0.0
    var front: [ReportModel.Member] = []
    for trial in finished where trial.metrics["AP50"] ?? 0 > best {
      best = trial.metrics["AP50"] ?? 0
      front.append(.init("C\(front.count)", trial: trial.id))
    }
    return front
  }

  private static func progress(_ trials: [ReportModel.Entry]) -> [ReportModel.Progress] {
    var seconds = 0.0
    var share = 0.0
    return trials.filter(\.isFinished).enumerated().map { index, trial in
      seconds += trial.seconds
      let reached = (trial.metrics["AP50"] ?? 0) * 0.9
      share = max(share, reached - 0.2 / Double(index + 1))
      return .init(finished: index + 1, seconds: seconds, share: share)
    }
  }

  /// A PNG of one grey pixel.
  static let pixel =
    Data(
      base64Encoded:
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
    ) ?? Data()
}

package import DetBasics
import DetMetrics
package import DetSearch
package import DetSpec
import Foundation

/// Trains some designs by several trainings and with several seeds, and keeps each result as soon as it is there: called again it does
/// what is missing.
package struct ProxyRound {
  /// What is asked.
  package struct Question: Sendable {
    /// The designs.
    package var designs: [DetectorDesign]
    /// The trainings, the one that the others stand in for among them.
    package var trainings: [ProxyTraining]
    /// How often each design is trained by each, with seeds of their own.
    package var repetitions: Int
    /// The stage whose recipe is shortened.
    package var stage: SearchStage
    /// What the designs are compared by.
    package var accuracy: Metric
    /// The data of a training that learns from so much of the images.
    package var data: [Double: JSONValue]

    /// Describes a question.
    package init(
      designs: [DetectorDesign], trainings: [ProxyTraining], repetitions: Int, stage: SearchStage,
      accuracy: Metric, data: [Double: JSONValue]
    ) {
      self.designs = designs
      self.trainings = trainings
      self.repetitions = repetitions
      self.stage = stage
      self.accuracy = accuracy
      self.data = data
    }
  }

  /// One training of one design.
  private struct Task: Hashable {
    let training: ProxyTraining
    let design: DetectorDesign
    let repetition: Int

    init(_ training: ProxyTraining, _ design: DetectorDesign, _ repetition: Int) {
      (self.training, self.design, self.repetition) = (training, design, repetition)
    }

    /// The one that a result is of.
    init(of result: ProxyResult) {
      self.init(result.training, result.design, result.repetition)
    }
  }

  private let plan: Plan
  private let question: Question
  private let folder: OutputFolder
  private let threads: Int

  /// A round in a folder.
  package init(_ plan: Plan, _ question: Question, in folder: String, threads: Int) throws {
    self.plan = plan
    self.question = question
    self.threads = threads
    guard !RunFolder(folder).isBegun else {
      throw ExecutionError.run(
        path: folder, problem: "holds a run", cure: "choose a folder of its own for the proxies")
    }
    self.folder = try OutputFolder(folder, option: "--run")
  }

  private var file: String { folder.file("results.jsonl") }

  /// What is there already of what is asked.
  package func kept() throws -> [ProxyResult] {
    guard FileManager.default.fileExists(atPath: file) else { return [] }
    let wanted = Set(tasks)
    let content = JSONLinesContent(try Files.bytes(file))
    return try content.lines.map {
      try JSON.decode(ProxyResult.self, from: $0.text, source: "\(file):\($0.number)")
    }.filter {
      wanted.contains(Task(of: $0))
    }
  }

  /// Cheap trainings first, so that something can be said early.
  private var tasks: [Task] {
    question.trainings.sorted { cost($0) < cost($1) }.flatMap { training in
      (1...question.repetitions).flatMap { repetition in
        question.designs.map { Task(training, $0, repetition) }
      }
    }
  }

  private func cost(_ training: ProxyTraining) -> Double {
    Double(training.epochs) * training.imageShare * training.scale * training.scale
  }

  /// How many trainings are asked for.
  package var count: Int { tasks.count }

  /// Does what is missing.
  ///
  /// - Parameters:
  ///   - runner: carries the trainings out.
  ///   - tell: gets each result when it is kept.
  ///   - shouldStop: asked repeatedly; true ends what is under way.
  /// - Returns: all results; fewer than asked for when it was stopped.
  /// - Throws: when something around the trainings must be mended first.
  package func run(
    _ runner: any TrialRunner, tell: (ProxyResult) -> Void, shouldStop: () -> Bool
  ) throws -> [ProxyResult] {
    var results = try kept()
    let done = Set(
      results.map { Task(of: $0) })
    var open = tasks.enumerated().filter { !done.contains($0.element) }
    let writer = try JSONLinesWriter(appendingTo: file)
    var underWay: [Int: (task: Task, slot: Int)] = [:]
    var slots = Array((0..<plan.runner.workers).reversed())
    while !open.isEmpty || !underWay.isEmpty {
      if shouldStop() {
        runner.stopAll()
        break
      }
      while let slot = slots.last, let (place, task) = open.first {
        slots.removeLast()
        open.removeFirst()
        underWay[place + 1] = (task, slot)
        try runner.start(job(task, number: place + 1, slot: slot), isTimed: false)
      }
      guard let report = try runner.next() else { continue }
      switch report {
      case .event, .measured: break
      case .hindered(_, let hindrance):
        runner.stopAll()
        throw ExecutionError.run(
          path: folder.path, problem: "cannot go on: \(hindrance.reason)",
          cure: "\(hindrance.fault.cure), then give the same command again")
      case .ended(let number, let outcome, let seconds):
        guard let (task, slot) = underWay.removeValue(forKey: number) else { continue }
        slots.append(slot)
        let checked = outcome.checked(for: [question.accuracy], known: [:])
        let result = ProxyResult(
          training: task.training, design: task.design, repetition: task.repetition,
          accuracy: checked.metrics[question.accuracy], seconds: seconds,
          reason: checked.metrics.isEmpty ? checked.explanation : nil)
        try writer.append(result)
        results.append(result)
        tell(result)
      }
    }
    return results
  }

  private func job(_ task: Task, number: Int, slot: Int) throws -> TrialJob {
    guard let recipe = plan.recipe(of: question.stage) else {
      preconditionFailure("the stage is one of the plan's")
    }
    var stream = Generator(seed: plan.seed).stream("proxy", task.repetition)
    let devices = plan.runner.devices
    let own = StableHash.hex(of: "\(task.training.words) \(task.design) \(task.repetition)")
    let weights = plan.weights(of: question.stage, task.design.backbone)
    var used = task.training.recipe(recipe)
    if let weights { used.pretrained = weights.path }
    return TrialJob(
      id: number, stage: question.stage, design: try task.training.scaled(task.design),
      recipe: used, data: question.data[task.training.imageShare] ?? plan.data,
      seed: stream.next() >> 11, device: devices[slot % devices.count], threads: threads,
      directory: folder.file("trainings/\(own)"), resume: true,
      weightsFingerprint: weights?.fingerprint, measuresLatency: false)
  }
}

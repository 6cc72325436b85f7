import DetSpec
import Synchronization

/// What a search that learns has worked out so far, by metric. The same history gives the same without it, only later.
final class ModelMemory: Sendable {
  private let lessons = Mutex<[Metric: Learnt]>([:])
  private let processes = Mutex<[Metric: Seen]>([:])

  /// A lesson with what it was learnt from.
  private struct Learnt: Sendable {
    let table: FeatureTable
    let values: [Double]
    let lesson: GaussianProcess.Lesson?
  }

  /// A process with the scale of the features it goes by.
  private struct Seen: Sendable {
    let scale: [DesignFeatures.Cost]
    let process: GaussianProcess
  }

  /// What values teach; learnt where that is not known. See ``GaussianProcess/learn(_:values:judging:without:)``.
  func lesson(
    _ metric: Metric, _ table: FeatureTable, _ values: [Double], judging own: [Bool],
    without: Set<ModelPart>
  ) -> GaussianProcess.Lesson? {
    let learnt = lessons.withLock { $0[metric] }
    if let learnt, learnt.table == table, learnt.values == values { return learnt.lesson }
    let lesson = GaussianProcess.learn(
      table, values: values, judging: own, without: without)
    lessons.withLock { $0[metric] = Learnt(table: table, values: values, lesson: lesson) }
    return lesson
  }

  /// The process that was kept for a metric, where it goes by this kernel and these features; otherwise a new one.
  func process(
    _ metric: Metric, _ kernel: DesignKernel, _ features: DesignFeatures
  ) -> GaussianProcess {
    // Taken out, so that what it holds is changed in place.
    let seen = processes.withLock { $0.removeValue(forKey: metric) }
    if let seen, seen.process.kernel == kernel, seen.process.groups == features.groups,
      seen.scale == features.costs
    {
      return seen.process
    }
    return GaussianProcess(kernel, groups: features.groups, standing: features.wholeSpace)
  }

  /// Keeps a process for the next time.
  func keep(_ process: GaussianProcess, for metric: Metric, _ features: DesignFeatures) {
    processes.withLock { $0[metric] = Seen(scale: features.costs, process: process) }
  }
}

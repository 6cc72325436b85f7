import DetBasics
import DetCommand
import DetData
import DetExecution
import DetSearch
import DetSpec
import DetTask

/// Latencies as a stage ends with them: what was disturbed, by all that is known then, and the front, whose order decides, are measured
/// again, interleaved with one another, before the stage is shown or picked from.
struct SettledLatencies {
  private let session: Run
  private let round: LatencyRound
  private let context: Context

  /// At the end of a stage of a run.
  init(_ session: Run, validation: Dataset?, _ context: Context) {
    self.session = session
    self.context = context
    round = LatencyRound(session, validation: validation, context)
  }

  /// Detectors that are timed in one go; a larger front is not parted.
  private static let together = 16
  /// How often members are looked after that new latencies have brought to the front.
  private static let rounds = 3

  /// Measures where latencies decide, and weights are there. A search whose trials are done does not fail by it.
  func measure(_ stage: SearchStage) {
    let plan = session.plan
    guard plan.latency.measuresFront, plan.runner.command == nil || plan.latency.command != nil,
      plan.objectives(of: stage).contains(where: \.isLatency)
    else { return }
    do {
      var others = try session.judgeLatencies(of: stage)
      var measured: Set<Int> = []
      for _ in 0..<Self.rounds {
        let snapshot = try RunSnapshot(session.folder.path)
        guard let fronts = snapshot.fronts(of: stage) else { return }
        let members = snapshot.members(of: fronts).filter(session.isMeasurable)
        guard members.contains(where: { !measured.contains($0.id) }) || !others.isEmpty else {
          return
        }
        let ids = Set(members.map(\.id))
        let disturbed = snapshot.trials.filter { others.contains($0.id) && !ids.contains($0.id) }
        others = []
        for part in parts(members, disturbed.filter(session.isMeasurable)) {
          guard !Interruption.isRequested else { return }
          measured.formUnion(part.map(\.id))
          try measure(part, front: ids)
        }
      }
    } catch {
      context.log(
        "\(Program.name): the latencies were not measured again: \(error); try \(Program.name) measure "
          + session.folder.path)
    }
  }

  /// What is measured in one go: the front with as many of the others as there is room for, then the rest of them.
  private func parts(_ front: [Trial], _ others: [Trial]) -> [[Trial]] {
    let beside = others.prefix(max(0, Self.together - front.count))
    let rest = Array(others.dropFirst(beside.count))
    return [front + beside].filter { !$0.isEmpty } + rest.parts(of: Self.together)
  }

  private func measure(_ trials: [Trial], front: Set<Int>) throws {
    let members = trials.count { front.contains($0.id) }
    let groups = [
      members > 0 ? "\(members) of the front" : nil,
      members < trials.count ? "\(trials.count - members) disturbed" : nil,
    ]
    context.log("measuring again, in turn: \(groups.compactMap { $0 }.joined(separator: ", "))")
    let readings = try round.measure(trials) { Interruption.isRequested }
    for (trial, reading) in readings.sorted(by: { $0.key < $1.key }) {
      for warning in reading.warnings { context.log("trial \(trial): \(warning)") }
    }
  }
}

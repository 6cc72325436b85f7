import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import Testing

/// Stand-ins for long trainings, on workers whose accuracies are known: the worth of a design, and chance that fades with epochs.
@Suite struct ProxyTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// Worth 0 … 0.7 by the backbone's base channels, and up to 0.64 / epochs by lot.
  private static let worker = """
    epochs=$(sed -n 's/.*"epochs" : \\([0-9]*\\).*/\\1/p' "$job" | head -1)
    seed=$(sed -n 's/.*"seed" : \\([0-9]*\\).*/\\1/p' "$job")
    base=$(printf %s "$design" | sed 's/.*resnet18 \\([0-9]*\\) .*/\\1/')
    lot=$(printf '%s %s' "$design" "$seed" | cksum | cut -d' ' -f1)
    ap=$((base * 10 + lot % 640 / epochs + 1000))
    echo "one of $epochs epochs" >> '$DIRECTORY/calls'
    if [ $base = 72 ]; then echo '{"event":"failed","reason":"too wide"}'; exit 1; fi
    echo "{\\"event\\":\\"finished\\",\\"metrics\\":{\\"AP\\":0.$ap}}"
    """

  private let designs = [8, 16, 24, 32, 40, 48, 56, 72].map {
    "64x64 | resnet18 \($0) | fpn P1-P2 16 | rpn | rcnn"
  }

  private func question(_ epochs: [Int], repetitions: Int = 2) throws -> ProxyRound.Question {
    .init(
      designs: try designs.map { try DetectorDesign(text: $0) },
      trainings: epochs.map { ProxyTraining(epochs: $0) }, repetitions: repetitions,
      stage: .structural, accuracy: .averagePrecision, data: [:])
  }

  private func round(_ epochs: [Int], in folder: String = "proxy") throws -> (
    ProxyRound, any TrialRunner
  ) {
    let plan = try sandbox.plan(runner: "{ \"workers\": 3, \"graceSeconds\": 0.2 }")
    let body = Self.worker.replacing("$DIRECTORY", with: sandbox.path)
    let runner = try plan.runner.makeRunner(worker: sandbox.worker(body))
    return (
      try ProxyRound(plan, question(epochs), in: "\(sandbox.path)/\(folder)", threads: 1), runner
    )
  }

  @Test func theTableSaysOrderNoiseAndCost() throws {
    let (round, runner) = try round([1, 40])
    let results = try round.run(runner, tell: { _ in }, shouldStop: { false })
    #expect(results.count == 32)
    let report = ProxyReport(
      results, accuracy: .averagePrecision, long: ProxyTraining(epochs: 40), seed: 1)
    let short = try #require(report.rows.first { $0.training.epochs == 1 })
    let long = try #require(report.rows.first { $0.training.epochs == 40 })
    // The widest design fails by either training.
    #expect(short.failed == 2 && short.finished == 14 && long.failed == 2)
    #expect(long.tau == 1)
    let (tau, noise, least) = try (
      #require(short.tau), #require(short.noise), #require(long.noise)
    )
    #expect(tau < 1 && noise > 3 * least)
    let (low, high) = try (#require(short.tauLow), #require(short.tauHigh))
    #expect(low <= tau && tau <= high)
    #expect(report.cheapest(tau: 0.99)?.training.epochs == 40)
    #expect(report.cheapest(tau: -1)?.training == report.rows[0].training)
  }

  @Test func stoppedItGoesOnAndTrainsNothingTwice() throws {
    var told = 0
    do {
      let (first, runner) = try round([2, 3])
      _ = try first.run(runner, tell: { _ in told += 1 }, shouldStop: { told >= 5 })
    }
    #expect(told >= 5 && told < 32)
    let (second, runner) = try round([2, 3])
    #expect(try second.kept().count == told)
    let results = try second.run(runner, tell: { _ in told += 1 }, shouldStop: { false })
    #expect(results.count == 32 && told == 32)
    #expect(Set(results.map { "\($0.training.words) \($0.design) \($0.repetition)" }).count == 32)
    // A training under way when it was stopped is done again; finished ones are not.
    let calls = try Files.text("\(sandbox.path)/calls").split(separator: "\n").count
    #expect((32...35).contains(calls))
  }

  @Test func aSecondProcessIsRefused() throws {
    let (first, _) = try round([2])
    let error = #expect(throws: FileError.self) { try round([2]) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("written into by another process"))
    _ = first.count
  }

  @Test func theFolderOfARunIsRefused() throws {
    try sandbox.search("run", sandbox.plan(), sandbox.worker(Sandbox.obedient), maxTrials: 1)
    let error = #expect(throws: ExecutionError.self) { try round([2], in: "run") }
    #expect("\(error.map { "\($0)" } ?? "")".contains("holds a run"))
  }

  @Test(arguments: [(0.5, "96x64"), (0.75, "160x96"), (0.1, "64x64")])
  func sizesStayMultiplesOf32(_ scale: Double, _ size: String) throws {
    let design = try DetectorDesign(text: "192x128 | resnet18 | fpn P1-P4 64 | rpn | rcnn")
    let scaled = try ProxyTraining(epochs: 1, scale: scale).scaled(design)
    #expect(scaled.input.text == size)
    #expect(scaled.backbone == design.backbone && scaled.head == design.head)
  }
}

import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetReport

/// A run folder in the temporary directory, with three trials: two finished, one crashed.
final class SampleRun {
  private let folder: TemporaryFolder
  private let run: Run
  var path: String { folder.file("run") }

  init() throws {
    folder = try TemporaryFolder()
    let plan = try Plan(
      text: #"""
        {"name": "trees", "seed": 7, "data": {"train": {}, "validation": {}},
        "structural": {"trials": 4}}
        """#)
    run = try Run.begin(folder.file("run"), plan: PlacedPlan(plan), versions: ["smnas": "0.1.0"])
    let designs = [
      "512x512 | resnet18 | fpn P1-P5 256 | rpn | rcnn",
      "800x600 | resnet50 | fpn P1-P5 256 | rpn | cascade 3",
      "800x600 | resnet101 | fpn P1-P5 256 | rpn | cascade 3",
    ]
    for (index, text) in designs.enumerated() {
      let origin = Origin(name: index == 1 ? "mutation" : "random", parent: index == 1 ? 1 : nil)
      let suggestion = Suggestion(
        id: index + 1, stage: .structural, pick: nil, step: index,
        design: try DetectorDesign(text: text), origin: try #require(origin), prunedBecause: nil)
      try run.store.begin(.init(suggestion: suggestion, seed: 1, known: 0))
    }
    try report(
      1, .started(.init(parameters: 9, epochs: 2, trainingImages: 12, validationImages: 5)))
    try report(1, .epoch(1, metrics: ["loss": 2]))
    try report(1, .epoch(2, metrics: ["loss": 1, "AP": 0.2]))
    try report(1, .epoch(1, metrics: ["loss": 1.5]))
    try report(
      1, .latency(LatencyReading(runs: try #require(LatencySummary(samples: [10, 11, 12])))))
    try end(1, .finished(metrics: ["AP": 0.2, "latency": 11]), 1, seconds: 60)
    try end(3, .crashed(signal: 9), 2, seconds: 30)
    try end(2, .finished(metrics: ["AP": 0.4, "latency": 50]), 3, seconds: 90)
    try Files.makeFolder("\(path)/trials/000001")
    try AtomicFile.write(SampleModel.pixel, to: "\(path)/trials/000001/detections.png")
    try AtomicFile.write(SampleModel.pixel.prefix(40), to: "\(path)/trials/000001/torn.png")
  }

  private func report(_ trial: Int, _ event: TrialEvent) throws {
    try run.store.add(event, trial: trial)
  }

  private func end(_ trial: Int, _ outcome: Outcome, _ sequence: Int, seconds: Double) throws {
    try run.store.end(trial, .init(outcome: outcome, sequence: sequence, seconds: seconds))
  }
}

struct RunReportTests {
  @Test func aRunBecomesAModel() throws {
    let run = try SampleRun()
    let model = try ReportModel(run: run.path)
    #expect(model.name == "trees")
    #expect(model.trials.map(model.outcome) == ["finished", "finished", "crashed"])
    #expect(model.trials[0].spreads == ["latency": .init(p10: 10.2, median: 11, p90: 11.8)])
    #expect(model.trials[2].record.outcome == .crashed(signal: 9))
    #expect(model.trials[1].record.suggestion.origin == .mutation(parent: 1))
    #expect(model.stages.map(\.name) == ["structural"])
    #expect(model.stages[0].fronts[0].members == [.init("1", trial: 1), .init("2", trial: 2)])
    #expect(model.facts.contains(.init("Training images", "12")))
    #expect(model.versions == [.init("smnas", "0.1.0")])
  }

  @Test func aDisturbedLatencyIsMarked() throws {
    var metrics: [String: Double] = ["latency": 12]
    #expect(Metric.latency.mark(metrics).isEmpty)
    let runs = try #require(LatencySummary(samples: [12]))
    var reading = LatencyReading(runs: runs)
    reading.disturbances = [.anchor]
    metrics.takeLatency(reading)
    #expect(Metric.latency.mark(metrics) == " *" && Metric.memory.mark(metrics).isEmpty)
  }

  @Test func theLastReportOfAnEpochCounts() throws {
    let run = try SampleRun()
    let model = try ReportModel(run: run.path)
    #expect(
      model.trials[0].curve == [.init(1, ["loss": 1.5]), .init(2, ["loss": 1, "AP": 0.2])])
  }

  @Test func hypervolumeFollowsTheOrderOfOutcomesAndCountsTheTimeOfFailures() throws {
    let run = try SampleRun()
    let progress = try ReportModel(run: run.path).stages[0].fronts[0].hypervolume
    #expect(progress.map(\.finished) == [1, 2])
    #expect(progress.map(\.seconds) == [60, 180])
    // Reference: AP 0, latency 50. First (50 - 11) * 0.2 / 50; the second adds nothing at the edge.
    #expect(abs(progress[0].share - 0.156) < 1e-12)
    #expect(abs(progress[1].share - 0.156) < 1e-12)
  }

  @Test func onlyWholePicturesAreShown() throws {
    let run = try SampleRun()
    let pictures = try ReportModel(run: run.path).pictures
    #expect(pictures.map(\.trial) == [1])
    #expect(pictures.map(\.caption) == ["detections beside the truth"])
    #expect(!PictureShelf.isWholePNG(Data()))
  }

  @Test func whatWasExportedIsLinked() throws {
    let run = try SampleRun()
    #expect(
      try !HTMLReport.render(ReportModel(run: run.path), plotly: "").contains("id=\"exports\""))
    let other = try TemporaryFolder()
    for path in [run.path + "/exported/a b.onnx", other.file("c.onnx")] {
      try Files.makeFolder(FilePath.folder(of: path))
      try AtomicFile.write("a detector", to: path)
      let record = ExportRecord(
        file: path, format: "onnx", precision: "float16", suppression: true, batch: 1, width: 96,
        height: 64, bytes: 2_000_000, images: 5, AP: 0.25, verified: ["onnxruntime 1.32.0"])
      try JSONLinesWriter(appendingTo: TrialFolder(trial: 1, in: run.path + "/trials").exports)
        .append(record)
    }
    let model = try ReportModel(run: run.path)
    #expect(model.exports.map(\.trial) == [1, 1])
    let page = try HTMLReport.render(model, plotly: "")
    #expect(page.contains("href=\"exported/a%20b.onnx\"") && page.contains("on 5 images"))
    #expect(page.contains("href=\"file://\(other.file("c.onnx"))\""))
    #expect(page.contains("onnx, float16, 96x64") && page.contains("onnxruntime 1.32.0"))
    // A page that comes over a network says where the files are.
    let served = try RunReader(run.path, pictures: .addressed).read()
    #expect(served.exports.map(\.address) == [nil, nil])
    #expect(try HTMLReport.render(served, plotly: "").contains("/exported/a b.onnx</code>"))
  }

  @Test func thePageIsWrittenIntoTheRun() throws {
    let run = try SampleRun()
    let plotly = run.path + "/plotly.js"
    try AtomicFile.write("/* plotly */", to: plotly)
    let (path, _) = try HTMLReport.write(
      run: run.path, environment: ["SMNAS_PLOTLY": plotly], executable: "/nowhere/smnas")
    #expect(path == run.path + "/report.html")
    #expect(try Files.text(path).contains("The most accurate detector is <b>trial 2</b>"))
  }

  @Test func aFolderWithoutARunIsRefusedByName() {
    let error = #expect(throws: ExecutionError.self) { try ReportModel(run: "/nowhere/run") }
    #expect(error?.description.contains("/nowhere/run") == true)
  }
}

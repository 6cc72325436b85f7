import CommandTestSupport
import DetBasics
import DetCommand
import DetData
import DetExecution
import DetSpec
import Foundation
import Testing

@testable import DetCLI

/// Finals whose backbones learn to classify before, in real processes.
@Suite(.serialized) struct FinalBackbonesTests {
  private let program: BuiltProgram
  private let plan: String

  /// One design in full, and images of two classes: dark and light ones.
  init() throws {
    program = try BuiltProgram()
    plan = try program.write(
      "plan.json",
      """
      { "version": 1, "name": "backbones", "seed": 3, "cache": false,
        "data": {
          "train": { "format": "shapes", "count": 8, "size": "64x64", "seed": 1 },
          "validation": { "format": "shapes", "count": 2, "size": "64x64", "seed": 2 } },
        "final": {
          "designs": ["64x64 | resnet18 8 | fpn P1-P2 16 | none | retinanet"],
          "objectives": ["AP50", "macs"],
          "recipe": { "extends": "small", "epochs": 1, "batch": 4, "latency": { "warmupRuns": 1, "runs": 3 } },
          "classification": {
            "data": "images", "input": "64x64", "recipe": { "extends": "pretrain", "epochs": 1, "batch": 8 } } },
        "runner": { "workers": 1, "threads": 1, "timeoutSeconds": 300 } }
      """)
    for (name, shade) in [("dark", 30), ("light", 220)] {
      let folder = "\(program.folder)/images/\(name)"
      try Files.makeFolder(folder)
      for number in 0..<20 {
        let pixels = (0..<40 * 40 * 3).map { UInt8(($0 * (number + 3)) % 30 + shade - 20) }
        try AtomicFile.write(
          PixelImage(width: 40, height: 40, pixels: pixels).encodePNG(),
          to: "\(folder)/\(number).png")
      }
    }
  }

  @Test func theyAreTrainedFirstAndStandInTheLastTablesAndTheReport() throws {
    let run = "\(program.folder)/run"
    let search = try program.run("search", plan, "--run", run)
    #expect(search.status == 0, "\(search.log)")
    #expect(search.log.contains("images: resnet18 8"))
    let table = try #require(try RunSnapshot(run).backbones())
    #expect(table.rows.map(\.backbone.text) == ["resnet18 8"])
    #expect(try #require(table.rows[0].top1) >= 0.5)
    for text in [search.output, try program.run("finals", run).output] {
      #expect(text.contains("top-1") && text.contains("top-5: of the validation images in "))
    }
    let job = try JSON.decode(TrialJob.self, file: TrialFolder(trial: 1, in: "\(run)/trials").job)
    #expect(job.weightsFingerprint == table.rows[0].fingerprint)
    #expect(try program.run("report", run).status == 0)
    let page = try Files.text("\(run)/report.html")
    #expect(page.contains("Their backbones as classifiers") && page.contains("Top-1"))
    // A table that somebody broke is named, and hides nothing else.
    try Files.makeFolder("\(run)/backbones")
    try AtomicFile.write("{", to: "\(run)/backbones/backbones.json")
    let broken = try program.run("finals", run)
    #expect(broken.status != 0 && broken.log.contains("backbones.json: is no table of backbones"))
  }
}

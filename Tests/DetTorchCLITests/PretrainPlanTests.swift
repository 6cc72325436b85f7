import CommandTestSupport
import DetBasics
import DetCommand
import DetData
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetTorchCLI

/// `smnas pretrain --plan`: all backbones of a plan, into the folder that the plan takes them from.
@Suite(.serialized) struct PretrainPlanTests {
  private let program: BuiltProgram
  private let plan: String
  private var images: String { "\(program.folder)/images" }

  /// A plan of three backbones, two of the space and one of a pick, and images of two classes: dark and light ones.
  init() throws {
    program = try BuiltProgram()
    plan = try program.write(
      "plan.json",
      """
      { "name": "weights", "seed": 1,
        "data": { "train": { "format": "shapes", "count": 4, "size": "64x64", "seed": 1 },
                  "validation": { "format": "shapes", "count": 2, "size": "64x64", "seed": 2 } },
        "structural": { "trials": 2, "recipe": "small", "weights": { "folder": "out" },
          "space": { "inputs": ["64x64"], "backbones": ["resnet18 8", "resnet34 8"],
                     "necks": ["fpn P1-P2 16"], "proposals": ["none"], "heads": ["retinanet"] } },
        "modular": { "designs": ["64x64 | resnet18 8 | fpn P1-P2 16 | none | retinanet",
                                 "64x64 | basicblock 8 1-2-2-2 | fpn P1-P2 16 | none | retinanet"],
                     "trials": 2, "recipe": "small" } }
      """)
    for (name, shade) in [("dark", 30), ("light", 220)] {
      for part in ["train", "val"] {
        let folder = "\(images)/\(part)/\(name)"
        try Files.makeFolder(folder)
        for number in 0..<(part == "train" ? 12 : 6) {
          let pixels = (0..<40 * 40 * 3).map { UInt8(($0 * (number + 3)) % 30 + shade - 20) }
          try AtomicFile.write(
            PixelImage(width: 40, height: 40, pixels: pixels).encodePNG(),
            to: "\(folder)/\(number).png")
        }
      }
    }
  }

  private func words(_ output: String, epochs: Int = 2) -> [String] {
    [
      "pretrain", "--plan", plan, "--data", images, "--output", "\(program.folder)/\(output)",
      "--epochs", "\(epochs)", "--batch", "8", "--input", "64x64", "--threads", "1",
    ]
  }

  private struct Answer {
    let status: Int32
    let output: String
    let log: String
  }

  private func walk(_ output: String, epochs: Int = 2) throws -> Answer {
    let process = try program.start(words(output, epochs: epochs), name: "walk")
    process.waitUntilExit()
    return Answer(
      status: process.terminationStatus, output: try Files.text("\(program.folder)/walk.out"),
      log: try Files.text("\(program.folder)/walk.log"))
  }

  private static let files = [
    "resnet18 8.safetensors", "resnet34 8.safetensors", "basicblock 8 1-2-2-2.safetensors",
  ]

  @Test func aPlansFolderIsFilledInOneCommandThatMayBeKilledAnywhere() throws {
    #expect(throws: FileError.self) { try PlanFile(plan) }
    // Killed amid the second backbone.
    let out = "\(program.folder)/out"
    let process = try program.start(words("out"), name: "killed")
    while process.isRunning {
      if FileManager.default.fileExists(atPath: "\(out)/training/resnet34 8/checkpoint.safetensors")
      {
        kill(process.processIdentifier, SIGKILL)
        break
      }
      usleep(2000)
    }
    process.waitUntilExit()
    try #require(process.terminationReason == .uncaughtSignal, "it ended before it could be killed")
    #expect(FileManager.default.fileExists(atPath: "\(out)/\(Self.files[0])"))
    let first = try Files.bytes("\(out)/\(Self.files[0])")

    let resumed = try walk("out")
    #expect(resumed.status == 0, "\(resumed.log)")
    #expect(resumed.log.contains("backbone 1 of 3: resnet18 8 is there already"))
    #expect(resumed.log.contains("backbone 2 of 3: resnet34 8\n"))
    #expect(resumed.log.contains("backbone 3 of 3: basicblock 8 1-2-2-2\n"))
    #expect(try Files.bytes("\(out)/\(Self.files[0])") == first)
    // The plan finds all of them now.
    let found = try #require(try PlanFile(plan).plan.structural?.weights?.files)
    #expect(found.keys.sorted() == ["resnet18 8", "resnet34 8"])

    let whole = try walk("whole")
    #expect(whole.status == 0, "\(whole.log)")
    #expect(whole.output == resumed.output)
    for name in Self.files {
      let same =
        try Files.bytes("\(out)/\(name)") == Files.bytes("\(program.folder)/whole/\(name)")
      #expect(same, "\(name)")
    }
    try checkTable(resumed.output, out)

    // A walk that is complete changes nothing, and says the same.
    let before = try Files.bytes("\(out)/backbones.json")
    let again = try walk("out")
    #expect(again.status == 0 && again.output == resumed.output)
    #expect(again.log.components(separatedBy: "is there already").count == 4)
    #expect(try Files.bytes("\(out)/backbones.json") == before)

    // Another training does not pass for this one.
    let other = try walk("out", epochs: 3)
    #expect(other.status == 1)
    #expect(other.log.contains("is of another training; changed: recipe.epochs: 2 → 3"))
  }

  private func checkTable(_ output: String, _ out: String) throws {
    let lines = output.split(separator: "\n").map(String.init)
    #expect(lines.count == 4)
    for title in ["backbone", "top-1", "top-5", "MACs", "memory access", "parameters"] {
      #expect(lines[0].contains(title))
    }
    let table = try JSON.decode(BackboneTable.self, file: "\(out)/backbones.json")
    #expect(
      table.rows.map(\.backbone.text) == ["resnet18 8", "resnet34 8", "basicblock 8 1-2-2-2"])
    #expect(table.rows.map(\.file) == Self.files)
    for row in table.rows {
      let cost = try ClassifierCost(row.backbone, classes: 2, input: InputSize(text: "64x64"))
      #expect(row.parameters == cost.parameters && row.macs == cost.macs)
      #expect(row.top5 == 1 && (0...1).contains(row.top1 ?? -1))
      #expect(row.fingerprint == (try StableHash.hex(ofFile: "\(out)/\(row.file)")))
    }
    let page = try Files.text("\(out)/backbones.md")
    #expect(page.contains("| resnet34 8 | ") && page.contains("2 classes, images of 64x64"))
  }

  @Test func weightsFromElsewhereAreKeptAndAccuraciesThatAreLostAreFoundAgain() throws {
    let out = "\(program.folder)/out"
    let first = try walk("out", epochs: 1)
    #expect(first.status == 0, "\(first.log)")
    // The table is lost, and one file has come from elsewhere: a detector's weights under torchvision's name.
    let table = try JSON.decode(BackboneTable.self, file: "\(out)/backbones.json")
    try FileManager.default.removeItem(atPath: "\(out)/backbones.json")
    try FileManager.default.removeItem(atPath: "\(out)/backbones.md")
    try FileManager.default.removeItem(atPath: "\(out)/\(Self.files[1])")
    try AtomicFile.write("weights of others", to: "\(out)/resnet34 8-0123abcd.pth")
    let second = try walk("out", epochs: 1)
    #expect(second.status == 0, "\(second.log)")
    let found = try JSON.decode(BackboneTable.self, file: "\(out)/backbones.json")
    #expect(found.rows[0] == table.rows[0] && found.rows[2] == table.rows[2])
    #expect(found.rows[1].top1 == nil && found.rows[1].file == "resnet34 8-0123abcd.pth")
    #expect(try Files.text("\(out)/resnet34 8-0123abcd.pth") == "weights of others")
    // Two files for one backbone would leave it open which is taken.
    try AtomicFile.write("", to: "\(out)/resnet34 8.pth")
    let third = try walk("out", epochs: 1)
    #expect(third.status == 1)
    #expect(
      third.log.contains(
        "has several files for resnet34 8: resnet34 8-0123abcd.pth, resnet34 8.pth"))
  }

  @Test(arguments: [
    (["--data", "d", "--output", "o"], "name a DESIGN, or a plan with --plan"),
    (["E2", "--plan", "p.json", "--data", "d", "--output", "o"], "not both"),
    (
      ["--plan", "p.json", "--data", "d", "--output", "o", "--weights", "w.pth"],
      "--weights is of one backbone"
    ),
  ])
  func wrongWordsAreToldAsSuch(_ words: [String], _ says: String) {
    let transcript = Transcript()
    #expect(Program.run(["pretrain"] + words, transcript.context) == .usage)
    #expect(transcript.log.contains(says), "\(transcript.log)")
  }
}

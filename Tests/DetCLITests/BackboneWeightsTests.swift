import CommandTestSupport
import DetBasics
import DetCommand
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetCLI

/// The weights that a plan names for the backbones of stage one are looked for when the plan is read.
struct BackboneWeightsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("w/resnet18-f37072fd.pth", "18")
    try folder.write("w/mobilenet_v2-7ebf99e0.pth", "m")
    try folder.write("w/resnet18_notes.txt", "")
  }

  private func plan(_ weights: String, recipe: String = "{}") throws -> Plan {
    let path = try folder.write(
      "plan.json",
      """
      { "data": {
          "train": { "format": "shapes", "count": 8, "size": "64x64", "seed": 1 },
          "validation": { "format": "shapes", "count": 4, "size": "64x64", "seed": 2 } },
        "structural": { "weights": \(weights), "recipe": \(recipe),
          "space": { "backbones": ["resnet18", "mobilenetv2", "resnet50"] } } }
      """)
    return try PlanFile(path).plan
  }

  @Test func aFolderAndNamedFilesGiveEachBackboneItsFile() throws {
    try folder.write("mine.safetensors", "50")
    let plan = try plan(#"{ "folder": "w", "files": { "resnet50": "mine.safetensors" } }"#)
    func file(_ backbone: String) throws -> BackboneFile? {
      plan.weights(of: .structural, try BackboneSpec(text: backbone))
    }
    #expect(try file("resnet18")?.path == folder.file("w/resnet18-f37072fd.pth"))
    #expect(try file("mobilenetv2")?.path == folder.file("w/mobilenet_v2-7ebf99e0.pth"))
    #expect(try file("resnet50")?.path == folder.file("mine.safetensors"))
    let prints = try ["resnet18", "mobilenetv2", "resnet50"].map { try file($0)?.fingerprint }
    #expect(Set(prints).count == 3 && prints.allSatisfy { $0?.count == 16 })
    #expect(
      plan.weights(of: .modular, try BackboneSpec(text: "resnet18")) == nil)
    // What was found is kept with the plan.
    #expect(try JSON.decode(Plan.self, from: JSON.text(plan), source: "plan") == plan)
  }

  @Test func aPlanTellsWhatStaysAndWhatTakesTheSteps() throws {
    func told(_ recipe: String, _ weights: String) throws -> String {
      _ = try plan(weights, recipe: recipe)
      let transcript = Transcript()
      #expect(
        Program.run(["plan", folder.file("plan.json")], transcript.context) == .done,
        "\(transcript.log)")
      return transcript.output
    }
    let scratch = #"{ "folder": "w", "allowsScratch": true }"#
    #expect(
      try told("{}", scratch).contains(
        "\n  stem and stage 1 frozen, statistics of norms fixed (of backbones with weights)\n"))
    #expect(try !told("{}", "null").contains("frozen"))
    let other = #"{ "optimizer": "adamW", "decaysNorms": true, "frozenStages": 0 }"#
    #expect(
      try told(other, scratch).contains(
        "\n  optimizer adamW; norms and biases decay; statistics of norms fixed (of backbones"))
  }

  @Test(arguments: [#""norm": "frozenBatch""#, #""frozenStages": 2"#, #""fixedStatistics": true"#])
  func whatIsKeptAsLoadedNeedsWeightsForEveryBackbone(member: String) throws {
    let key = String(member.split(separator: "\"")[0])
    let recipe = "{ \(member) }"
    let scratch = thrown { try plan("null", recipe: recipe) }
    #expect(
      scratch.contains("recipe: \(key) ") && scratch.contains("starts from scratch"), "\(scratch)")
    let some = thrown {
      try plan(#"{ "folder": "w", "allowsScratch": true }"#, recipe: recipe)
    }
    #expect(some.contains("take out weights.allowsScratch"), "\(some)")
    try folder.write("w/resnet50.pth", "50")
    #expect(try plan(#"{ "folder": "w" }"#, recipe: recipe).structural != nil)
    let modular = thrown {
      try Plan(
        text: #"{ "data": { "train": {}, "validation": {} }, "modular": { "recipe": \#(recipe) } }"#
      )
    }
    #expect(modular.contains("starts from scratch"), "\(modular)")
  }

  @Test func aBackboneWithoutWeightsIsRefusedUnlessItMayStartFromScratch() throws {
    let problem = thrown { try plan(#"{ "folder": "w" }"#) }
    #expect(problem.contains("there are none for resnet50; add resnet50.pth to the folder"))
    #expect(problem.contains("\"allowsScratch\": true"))
    let scratch = try plan(#"{ "folder": "w", "allowsScratch": true }"#)
    #expect(scratch.weights(of: .structural, try BackboneSpec(text: "resnet50")) == nil)

    let transcript = Transcript()
    #expect(Program.run(["plan", folder.file("plan.json")], transcript.context) == .done)
    #expect(transcript.output.contains("  resnet50 starts from scratch\n"))
    #expect(
      transcript.output.contains("resnet18 starts from \(folder.file("w/resnet18-f37072fd.pth")) (")
    )
    #expect(transcript.output.contains("rate 0.01 to 2.5e-05 (0.04 to 0.0001 at batch 32)"))
  }

  @Test(arguments: [
    (#"{ "folder": "nowhere" }"#, "{}", "nowhere: is no folder that can be read"),
    (
      #"{ "files": { "resnet34": "a.pth" } }"#, "{}",
      "names weights for resnet34, which structural.space has not"
    ),
    (#"{ "files": { "resnet49": "a.pth" } }"#, "{}", "names \"resnet49\", which is no backbone"),
    (#"{ "files": { "resnet18": "a.pth" } }"#, "{}", "a.pth: no such file"),
    (#"{ "folders": "w" }"#, "{}", "did you mean \"folder\"?"),
    (
      #"{ "folder": "w" }"#, #"{ "pretrained": "a.pth" }"#,
      "both say what backbones start from; keep one"
    ),
  ])
  func whatCannotBeMeantIsRefused(_ weights: String, _ recipe: String, _ reason: String) {
    let problem = thrown { try plan(weights, recipe: recipe) }
    #expect(problem.contains(reason), "\(problem)")
  }

  @Test func twoFilesForOneBackboneAreAskedAbout() throws {
    try folder.write("w/resnet18.pth", "other")
    let problem = thrown { try plan(#"{ "folder": "w" }"#) }
    #expect(problem.contains("several files for resnet18: resnet18-f37072fd.pth, resnet18.pth"))
  }

  /// Torchvision's published names, and what is none of them.
  @Test func namesOfPublishedFilesAreKnown() throws {
    let names: [(file: String, backbone: String, isIts: Bool)] = [
      ("resnet50-0676ba61.pth", "resnet50", true), ("resnet50-11ad3fa6.pth", "resnet50", true),
      ("resnet101-63fe2227.pth", "resnet101", true), ("resnet18.safetensors", "resnet18", true),
      ("resnext50_32x4d-7cdf4587.pth", "resnext50", true),
      ("resnext101_32x4d-a5af3160.pth", "resnext101", true),
      // Other widths and other networks.
      ("resnext101_32x8d-8ba56ff5.pth", "resnext101", false),
      ("resnet50-0676ba61.pth", "resnet50 32", false), ("resnet50 32.pth", "resnet50 32", true),
      ("mobilenet_v2-7ebf99e0.pth", "mobilenetv2", true),
      ("resnet18-5c106cde.pth", "resnet101", false),
      ("resnet50_a1-14fe96d1.pth", "resnet50", false),
      ("resnet50-0676ba61.pth.part", "resnet50", false),
      ("resnet50-19c8e357.zip", "resnet50", false),
    ]
    for (file, backbone, isIts) in names {
      let spec = try BackboneSpec(text: backbone)
      #expect(BackboneWeights.isName(file, of: spec) == isIts, "\(file) for \(backbone)")
    }
  }
}

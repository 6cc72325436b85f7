import CommandTestSupport
import DetBasics
import DetCommand
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetCLI
@testable import DetExecution

/// A project of plan, data and run that moves: whole, or a part of it.
struct MovedRunTests {
  private let temporary: TemporaryFolder
  private var path: String { temporary.path }

  init() throws {
    temporary = try TemporaryFolder()
    try makeProject("here")
  }

  /// A plan with a search over two designs, whose trials are looked up by a worker in the shell though the data are real.
  private func makeProject(_ name: String) throws {
    let images = try (1...2).map { id in
      try temporary.write("\(name)/images/\(id).png", Data(base64Encoded: Self.pixel) ?? Data())
      return "{ \"id\": \(id), \"file_name\": \"\(id).png\", \"width\": 1, \"height\": 1 }"
    }
    try temporary.write(
      "\(name)/ann.json",
      """
      { "images": [\(images.joined(separator: ", "))], "categories": [{ "id": 1, "name": "tree" }],
        "annotations": [{ "id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1] }] }
      """)
    try temporary.write("\(name)/weights.pth", "")
    try temporary.write("\(name)/plan.json", Self.plan("ann.json", "./images", "weights.pth"))
  }

  private static func plan(_ annotations: String, _ images: String, _ weights: String) -> String {
    let source =
      "{ \"format\": \"coco\", \"annotations\": \"\(annotations)\", \"images\": \"\(images)\" }"
    return """
      { "data": { "train": \(source), "validation": \(source) },
        "structural": { "trials": 4, "objectives": ["AP", "macs"],
          "recipe": { "extends": "small", "pretrained": "\(weights)" },
          "space": { "inputs": ["128x128", "64x64"], "backbones": ["resnet18 16", "resnet34 16"],
                     "necks": ["none"], "proposals": ["rpn"], "heads": ["rcnn"] } } }
      """
  }

  /// One pixel as PNG.
  private static let pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

  /// Begins a run of a plan and ends one trial of it, without a worker.
  private func begin(_ run: String, _ plan: String) throws {
    _ = try Run.begin("\(path)/\(run)", plan: PlanFile("\(path)/\(plan)").placed, versions: [:])
  }

  /// What is said when a run is resumed; empty when it goes on.
  private func resuming(_ run: String, _ plan: String) -> String {
    thrown {
      let file = try PlanFile("\(path)/\(plan)")
      _ = try file.loadSets()
      let session = try Run.resume("\(path)/\(run)", plan: file.placed)
      // The paths that workers get are there.
      let weights = session.plan.structural?.recipe.pretrained ?? ""
      if !FileManager.default.fileExists(atPath: weights) {
        throw FileError(path: weights, problem: "is not there")
      }
    }
  }

  private func move(_ from: String, _ to: String) throws {
    try FileManager.default.moveItem(atPath: "\(path)/\(from)", toPath: "\(path)/\(to)")
  }

  @Test func theWholeProjectMoves() throws {
    try begin("here/run", "here/plan.json")
    try move("here", "there")
    #expect(resuming("there/run", "there/plan.json") == "")
    try temporary.makeFolder("deep/er")
    try move("there", "deep/er/project")
    #expect(resuming("deep/er/project/run", "deep/er/project/plan.json") == "")
  }

  @Test func theRunsOwnPlanIsAPlanFromWhereverTheProjectLies() throws {
    try begin("here/run", "here/plan.json")
    #expect(resuming("here/run", "here/run/plan.json") == "")
    try move("here", "there")
    #expect(resuming("there/run", "there/run/plan.json") == "")
    #expect(resuming("there/run", "there/plan.json") == "")
  }

  @Test func theRunAloneMoves() throws {
    try begin("here/run", "here/plan.json")
    try move("here/run", "elsewhere")
    #expect(resuming("elsewhere", "here/plan.json") == "")
  }

  @Test func planAndDataMoveAndTheRunStays() throws {
    try begin("run", "here/plan.json")
    try move("here", "there")
    #expect(resuming("run", "there/plan.json") == "")
  }

  @Test func thePlanAloneMovesAndIsToldWhatItDoesNotFind() throws {
    try begin("run", "here/plan.json")
    try temporary.makeFolder("plans")
    try move("here/plan.json", "plans/plan.json")
    #expect(resuming("run", "plans/plan.json").contains("\(path)/plans/ann.json"))
    // Written anew for its new place, or from the root, it is the same search.
    try temporary.write(
      "plans/plan.json", Self.plan("../here/ann.json", "../here/images", "../here/weights.pth"))
    #expect(resuming("run", "plans/plan.json") == "")
    try temporary.write(
      "plans/plan.json",
      Self.plan("\(path)/here/ann.json", "\(path)/here/images", "\(path)/here/weights.pth"))
    #expect(resuming("run", "plans/plan.json") == "")
  }

  @Test func pathsFromTheRootAreComparedAsTheyAre() throws {
    func plan(_ folder: String) -> String {
      Self.plan("\(path)/\(folder)/ann.json", "\(path)/\(folder)/images", "/\(folder)/w.pth")
    }
    try temporary.write("plans/plan.json", plan("here"))
    try begin("run", "plans/plan.json")
    try move("plans", "other")
    #expect(resuming("run", "other/plan.json").hasPrefix("/here/w.pth"))
    try makeProject("there")
    try temporary.write("other/plan.json", plan("there"))
    let words = resuming("run", "other/plan.json")
    #expect(words.contains("was begun with another plan; changed: data.train.annotations"))
  }

  @Test func otherFilesAreAnotherSearch() throws {
    try begin("run", "here/plan.json")
    try temporary.write("here/plan.json", Self.plan("ann.json", "images", "other.pth"))
    #expect(
      resuming("run", "here/plan.json")
        .contains("changed: structural.recipe.pretrained: \"weights.pth\" → \"other.pth\""))
  }

  /// What the first version kept: paths from the root, and no folder of the plan.
  @Test func aRunOfTheFirstVersionGoesOnInPlaceAndAfterAMove() throws {
    try begin("here/run", "here/plan.json")
    do {
      let store = try Store(path: "\(path)/here/run/study.sqlite")
      let old = try JSON.text(PlanFile("\(path)/here/plan.json").plan)
      try store.setFact("plan", old)
      try store.database.execute("DELETE FROM facts WHERE name = 'planFolder'")
      try AtomicFile.write(old, to: "\(path)/here/run/plan.json")
    }
    try FileManager.default.copyItem(atPath: "\(path)/here", toPath: "\(path)/there")
    #expect(resuming("here/run", "here/plan.json") == "")
    #expect(resuming("there/run", "there/plan.json") == "")
    // From then on it is kept as today.
    try move("there", "again")
    #expect(resuming("again/run", "again/plan.json") == "")
  }

  @Test func aPlanThatWasLostIsPutBackFromTheStore() throws {
    try begin("here/run", "here/plan.json")
    let own = try Files.bytes("\(path)/here/run/plan.json")
    try FileManager.default.removeItem(atPath: "\(path)/here/run/plan.json")
    #expect(resuming("here/run", "here/plan.json") == "")
    #expect(try Files.bytes("\(path)/here/run/plan.json") == own)
  }
}

import DetBasics
package import DetSearch
import DetSpec
package import DetTask
import Foundation

/// A plan's file as the verbs read it: relative paths are taken from the plan's own folder, so that it works from
/// anywhere.
package struct PlanFile {
  /// The plan with the place of its file.
  package let placed: PlacedPlan
  /// The plan; its paths are absolute.
  package let plan: Plan
  /// The plan's data sets, as this process finds them; nil when it has a command of its own, whose data only that command
  /// can read.
  package let sources: TrainingSets.Description?

  /// Reads and checks a plan with its data sources.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - change: what the command line has to say otherwise.
  /// - Throws: what is wrong with the file, with its line.
  package init(_ path: String, change: (inout Plan) -> Void = { _ in }) throws {
    let text = try JSON.parse(Files.bytes(path), source: path, allowsComments: true)
    var plan = try JSON.decode(Plan.self, from: text, source: path)
    change(&plan)
    let folder = FilePath.folder(of: path)
    if plan.runner.command == nil, let data = text["data"] {
      let given = try JSON.decode(
        TrainingSets.Description.self, from: data, at: ["data"], source: path)
      sources = given.changingPaths { FilePath.joined(folder, $0) }
    } else {
      sources = nil
    }
    if let weights = plan.structural?.weights, let space = plan.structural?.space {
      plan.structural?.weights = try weights.found(
        for: space.backbones, in: folder, plan: path)
    }
    placed = try PlacedPlan(plan, in: folder, changePaths: Self.changingPaths)
    self.plan = try placed.absolute()
  }

  /// Loads the data sets, so that what is wrong with them shows before anything runs; nil when they are another
  /// program's.
  package func loadSets() throws -> TrainingSets? { try sources.map { try TrainingSets($0) } }

  /// A plan with every path changed that is this program's to read: those of the data, unless another program reads them,
  /// of the recipes, and of weights.
  private static func changingPaths(
    of plan: Plan, _ change: (String) -> String
  ) throws -> Plan {
    var plan = plan
    if plan.runner.command == nil {
      let data = try TrainingSets.Description(plan.data, source: "the plan's data")
      plan.data = try JSON.value(data.changingPaths(change))
    }
    if var section = plan.structural {
      Recipe.settings.changePaths(of: &section.recipe, change)
      section.weights = section.weights?.changingPaths(change)
      plan.structural = section
    }
    if var section = plan.modular {
      Recipe.settings.changePaths(of: &section.recipe, change)
      plan.modular = section
    }
    if var section = plan.final {
      Recipe.settings.changePaths(of: &section.recipe, change)
      if var classification = section.classification {
        Recipe.settings.changePaths(of: &classification.recipe, change)
        ClassificationPlan.settings.changePaths(of: &classification, change)
        section.classification = classification
      }
      plan.final = section
    }
    return plan
  }
}

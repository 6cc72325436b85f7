import DetBasics
package import DetSearch
import DetSpec
package import DetTask
import Foundation

/// A plan's file as the verbs read it: relative paths are taken from the plan's own folder, so that it works from
/// anywhere.
package struct PlanFile {
  /// The plan; its paths are absolute.
  package var plan: Plan
  /// The plan's data sets; nil when it has a command of its own, whose data only that command can read.
  package let sources: TrainingSets.Description?

  /// Reads and checks a plan with its data sources.
  package init(_ path: String) throws {
    let text = try JSON.parse(Files.bytes(path), source: path, allowsComments: true)
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    plan = try JSON.decode(Plan.self, from: text, source: path)
    if plan.runner.command == nil, let data = text["data"] {
      let given = try JSON.decode(
        TrainingSets.Description.self, from: data, at: ["data"], source: path)
      let sources = given.resolved(against: folder.path)
      plan.data = try JSON.value(sources)
      self.sources = sources
    } else {
      sources = nil
    }
    func resolve(_ recipe: inout Recipe) {
      Recipe.settings.changePaths(of: &recipe) {
        URL(fileURLWithPath: $0, relativeTo: folder).standardizedFileURL.path
      }
    }
    if var section = plan.structural {
      resolve(&section.recipe)
      plan.structural = section
    }
    if var section = plan.modular {
      resolve(&section.recipe)
      plan.modular = section
    }
  }

  /// Loads the data sets, so that what is wrong with them shows before anything runs; nil when they are another
  /// program's.
  package func loadSets() throws -> TrainingSets? { try sources.map { try TrainingSets($0) } }
}

import DetBasics
package import DetSearch
import DetSpec
import Foundation

/// A plan's file as the verbs read it.
package enum PlanFile {
  /// Reads a plan; relative paths in it are taken from the plan's own folder, so that it works from anywhere.
  ///
  /// The data of a plan with a command of its own pass through unread: another trainer describes them as it likes.
  package static func read(_ path: String) throws -> Plan {
    var plan = try Plan(file: path)
    if plan.runner.command == nil { plan.data = try PlanData.resolved(plan.data, plan: path) }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    func resolve(_ weights: inout String?) {
      weights = weights.map {
        URL(fileURLWithPath: $0, relativeTo: folder).standardizedFileURL.path
      }
    }
    if var section = plan.structural {
      resolve(&section.recipe.pretrained)
      plan.structural = section
    }
    if var section = plan.modular {
      resolve(&section.recipe.pretrained)
      plan.modular = section
    }
    return plan
  }
}

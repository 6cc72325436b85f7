package import DetBasics
import DetData
package import DetTask
import Foundation

/// The `data` section of a plan, which the search half carries unread: checked, and made independent of where the
/// program is started.
package enum PlanData {
  /// The section with every path made absolute; relative ones are meant from the plan's folder.
  package static func resolved(_ data: JSONValue, plan path: String) throws -> JSONValue {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let sets = try description(data, plan: path)
    let resolved = TrainingSets.Description(
      train: sets.train.resolved(against: folder),
      validation: sets.validation.resolved(against: folder))
    return try JSON.decode(JSONValue.self, from: JSON.encode(resolved), source: path)
  }

  /// The section as data set sources, as they stand in the plan.
  package static func description(_ data: JSONValue, plan path: String) throws
    -> TrainingSets.Description
  {
    try TrainingSets.Description(data, source: "\(path): data")
  }
}

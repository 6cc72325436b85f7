import DetBasics

/// A plan with the place of its file, from which its relative paths are taken: what lets a project move.
///
/// The same paths have three forms: as the file has them, from the root, and from the folder of a run.
package struct PlacedPlan: Sendable {
  /// Gives a plan with every path in it changed.
  package typealias PathChange = @Sendable (Plan, _ change: (String) -> String) throws -> Plan

  /// The plan as its file has it.
  package let written: Plan
  /// The folder of the file, as the user named it; empty for the current one.
  package let folder: String
  private let changePaths: PathChange

  /// A plan of a file in `folder`.
  package init(_ plan: Plan, in folder: String, changePaths: @escaping PathChange) throws {
    written = try changePaths(plan, FilePath.normal)
    self.folder = folder
    self.changePaths = changePaths
  }

  private init(_ plan: Plan, like other: PlacedPlan) {
    written = plan
    folder = other.folder
    changePaths = other.changePaths
  }

  /// The plan as it was understood before some keys came, in the same place.
  package func without(_ keys: Set<Plan.LateKey>) -> PlacedPlan {
    PlacedPlan(written.without(keys), like: self)
  }

  /// A plan in which no path is relative.
  package init(_ plan: Plan) {
    written = plan
    folder = ""
    changePaths = { plan, _ in plan }
  }

  /// The folder of the file from the root.
  package var absoluteFolder: String { FilePath.absolute(folder) }

  /// The plan as this process and its workers use it.
  package func used() throws -> Plan { try placed(in: folder) }

  /// The plan with all paths from the root.
  package func absolute() throws -> Plan { try placed(in: absoluteFolder) }

  /// The plan as a file in another folder has it: relative paths lead from there to the same files.
  package func moved(to other: String) throws -> Plan {
    try placed(in: FilePath.relative(FilePath.real(folder), from: FilePath.real(other)))
  }

  /// Another plan's relative paths taken from the folder of its own file.
  package func place(_ plan: Plan, in folder: String) throws -> Plan {
    try changePaths(plan) { FilePath.joined(folder, $0) }
  }

  private func placed(in folder: String) throws -> Plan { try place(written, in: folder) }

  /// The folder in which this plan's relative paths would be the absolute ones of `kept`; nil when there is none.
  ///
  /// The first version of the program kept no relative paths.
  package func folder(behind kept: Plan) throws -> String? {
    var absolute: [String] = []
    _ = try changePaths(kept) { path in
      absolute.append(path)
      return path
    }
    var relative: [String] = []
    _ = try changePaths(written) { path in
      relative.append(path)
      return path
    }
    guard absolute.count == relative.count else { return nil }
    let pair = zip(absolute, relative).first { !$1.hasPrefix("/") && $0.hasSuffix("/" + $1) }
    return pair.map { String($0.dropLast($1.count + 1)) }
  }
}

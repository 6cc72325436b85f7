import DetBasics
import DetSearch
package import DetSpec
import Foundation

extension RunSnapshot {
  /// The backbones of the finals as classifiers, table 6 of the paper; nil where they learn nothing before, or did not yet.
  package func backbones() throws -> BackboneTable? {
    guard plan.final?.classification != nil,
      FileManager.default.fileExists(atPath: folder.backboneTable)
    else { return nil }
    var table: BackboneTable
    do {
      table = try JSON.decode(BackboneTable.self, file: folder.backboneTable)
    } catch let error as JSONError {
      throw FileError(
        path: folder.backboneTable, problem: "is no table of backbones (\(error))",
        cure: "move it away")
    }
    let own = Set((choices.finals ?? []).map(\.design.backbone))
    table.rows.removeAll { !own.contains($0.backbone) }
    return table.rows.isEmpty ? nil : table
  }
}

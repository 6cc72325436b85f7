import DetSpec

/// The rows of the table of trials as they were made last: of thousands only those are made again whose trial has changed.
///
/// Not for several threads at once.
package final class RowMemory {
  /// All that a row shows.
  struct Content: Equatable {
    let entry: ReportModel.Entry
    let outcome: String
    let badge: String?
    let columns: [Metric]
    let hasStages: Bool
  }

  private var made: [Int: (content: Content, row: PagePart.Row)] = [:]

  /// Nothing was made yet.
  package init() {}

  /// The row of a content; `make` is asked when it is another than the last time.
  func row(_ content: Content, _ make: (Content) -> PagePart.Row) -> PagePart.Row {
    if let known = made[content.entry.id], known.content == content { return known.row }
    let row = make(content)
    made[content.entry.id] = (content, row)
    return row
  }
}

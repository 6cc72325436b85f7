import Foundation

/// A part of the page, which is renewed by itself while the page is watched; the rows of its long table one by one.
package struct PagePart: Sendable, Equatable {
  /// A row of a part's table.
  package struct Row: Sendable, Equatable {
    /// The row's id in the page.
    package let key: String
    /// The whole row.
    package let html: String
  }

  /// Which part it is; the part's place is known by it.
  package let id: String
  /// The markup without the rows.
  package let shell: String
  /// The rows, in the order of the table that ``body(of:)`` has left empty.
  package let rows: [Row]

  /// Describes a part.
  package init(_ id: String, _ shell: String, rows: [Row] = []) {
    self.id = id
    self.shell = shell
    self.rows = rows
  }

  /// The empty body of a part's table, into which its rows come.
  package static func body(of id: String) -> String {
    "<tbody id=\"rows-\(id)\" data-rows=\"\"></tbody>"
  }

  /// Rows that stand in the table at once; the page's script puts the others in when they are asked for, because a browser needs
  /// seconds for a table of thousands.
  static let mostRows = 250

  /// The part with its rows, as it stands in a page.
  package var html: String {
    var inner = shell
    let (empty, end) = (Self.body(of: id), "</tbody>")
    if !rows.isEmpty, let place = inner.range(of: empty) {
      let lines = rows.prefix(Self.mostRows).map(\.html).joined(separator: "\n")
      inner.replaceSubrange(place, with: "\(empty.dropLast(end.count))\n\(lines)\n\(end)")
    }
    let rest = rows.dropFirst(Self.mostRows).map(\.html)
    let aside =
      rest.isEmpty
      ? ""
      : "<template data-rest=\"\(Markup.text(id))\">\n\(rest.joined(separator: "\n"))\n</template>\n"
    return "<div data-part=\"\(Markup.text(id))\">\n\(inner)\n\(aside)</div>"
  }
}

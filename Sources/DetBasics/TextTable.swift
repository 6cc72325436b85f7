/// A table for people: a header, rows, columns as wide as their widest cell, numbers to the right.
public struct TextTable: Sendable {
  private let header: [String]
  private var rows: [[String]] = []

  /// Starts a table with its column titles.
  public init(_ header: [String]) { self.header = header }

  /// Adds a row; missing cells stay empty.
  public mutating func add(_ row: [String]) { rows.append(row) }

  /// The table as lines of text, two spaces between columns, no trailing spaces.
  public var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in
      all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    let isNumeric = isNumeric
    return all.map { row in
      let cells = header.indices.map { column in
        let cell = column < row.count ? row[column] : ""
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return isNumeric[column] ? padding + cell : cell + padding
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }

  /// The same in Markdown.
  public var markdown: String {
    let lines = ([header] + rows).map { row in
      let cells = header.indices.map { $0 < row.count ? row[$0].replacing("|", with: "\\|") : "" }
      return "| \(cells.joined(separator: " | ")) |"
    }
    let rule = "|" + isNumeric.map { $0 ? "---:|" : "---|" }.joined()
    return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
  }

  /// Which columns hold numbers and nothing else.
  private var isNumeric: [Bool] {
    header.indices.map { column in
      !rows.isEmpty && rows.allSatisfy { column >= $0.count || Self.looksNumeric($0[column]) }
    }
  }

  /// Whether the first word is a number (`31.2 ms`, `10–12`, `5%`); `512x512` and other names are not.
  private static func looksNumeric(_ cell: String) -> Bool {
    let word = cell.prefix { $0 != " " }
    return word.allSatisfy { $0.isASCII && $0.isNumber || "-–+.,:%∞".contains($0) }
  }
}

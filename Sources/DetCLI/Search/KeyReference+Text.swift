import DetBasics
import DetCommand

extension KeyReference {
  /// Prints the reference as JSON, as Markdown, or for a terminal.
  func print(_ arguments: Arguments, _ output: Output) throws {
    if arguments[Flag.json] {
      try output.json(self)
    } else if arguments[PlanVerb.markdown] {
      try output.line(markdown)
    } else {
      try output.line(text)
    }
  }

  /// Two lines for each key: what it takes, and what it means.
  private var text: String {
    sections.map { section in
      let keys = section.keys.map { key in
        "  \(key.key): \(key.takes); \(key.default.map { "default \($0)" } ?? "must be given")\n"
          + "      \(key.meaning)"
      }
      return "\(section.name)\n\(section.meaning)\n\n\(keys.joined(separator: "\n"))"
    }.joined(separator: "\n\n")
  }

  private var markdown: String {
    let head = """
      # Keys of a plan

      Written by `Scripts/check-keys --write` out of the tables by which the program reads, writes and checks them; `make
      check` compares. `smnas plan --keys` prints the same for a terminal.

      A plan is JSON; comments and trailing commas are allowed. A key that is not here is an error.
      """
    let parts = sections.map { section in
      let rows = section.keys.map { key in
        let usual = key.default.map { Self.isLiteral($0) ? "`\($0)`" : $0 } ?? "must be given"
        let cells = ["`\(key.key)`", key.takes, usual, key.meaning]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
      }
      return """
        ## \(section.name)

        \(section.meaning)

        | Key | Value | Default | Meaning |
        | --- | --- | --- | --- |
        \(rows.joined(separator: "\n"))
        """
    }
    return ([head] + parts).joined(separator: "\n\n")
  }

  /// Whether a default is JSON rather than words.
  private static func isLiteral(_ text: String) -> Bool {
    (try? JSON.decode(JSONValue.self, from: text, source: "default")) != nil
  }
}

extension SettingReference {
  /// What to write, and within which bounds.
  fileprivate var takes: String {
    if rule.isEmpty { return form }
    return rule.hasPrefix("a \(form)") ? rule : "\(form): \(rule)"
  }
}

/// The texts of `smnas --help` and `smnas VERB --help`.
enum Help {
  static func overall(_ commands: [Command]) -> String {
    let width = commands.map { $0.name.count }.max() ?? 0
    let list = commands.map { "  \(padded($0.name, width))  \($0.summary)" }
    return
      (["\(Program.name) finds object detectors: the best accuracy at every speed.", ""]
      + ["usage: \(Program.name) VERB … [--json]", ""] + list
      + ["", "\(Program.name) VERB --help says more; results go to stdout, the rest to stderr."])
      .joined(separator: "\n")
  }

  static func verb(_ verb: any Verb.Type) -> String {
    var lines = [usage(verb), "", capitalized(verb.summary) + "."]
    let rows =
      verb.syntax.arguments.map { ($0.name, $0.help) }
      + verb.syntax.options.map { (spelling($0), described($0)) }
      + [("--help", "this text")]
    let width = rows.map(\.0.count).max() ?? 0
    lines.append("")
    for (name, help) in rows {
      let indent = String(repeating: " ", count: width + 4)
      let wrapped = wrap(help, width: max(40, 96 - width - 4))
      lines.append("  \(padded(name, width))  \(wrapped.joined(separator: "\n" + indent))")
    }
    if !verb.discussion.isEmpty { lines += ["", verb.discussion] }
    return lines.joined(separator: "\n")
  }

  /// `usage: smnas report DIR [--output FILE] [--json]`; over several lines when one is too long to read.
  static func usage(_ verb: any Verb.Type) -> String {
    let arguments = verb.syntax.arguments.map { argument in
      let many = argument.counts.upperBound > 1 ? argument.name + "…" : argument.name
      return argument.counts.contains(0) ? "[\(many)]" : many
    }
    let options = verb.syntax.options.map { option in
      let text = spelling(option)
      guard option.counts.contains(0) else { return text }
      return option.counts.upperBound > 1 ? "[\(text)]…" : "[\(text)]"
    }
    let start = "usage: \(Program.name) \(verb.name)"
    let indent = String(repeating: " ", count: start.count + 1)
    let lines = joined(arguments + options, width: 98 - indent.count)
    return lines.isEmpty ? start : "\(start) " + lines.joined(separator: "\n" + indent)
  }

  private static func spelling(_ option: Declaration) -> String {
    option.placeholder.isEmpty ? option.name : "\(option.name) \(option.placeholder)"
  }

  private static func described(_ option: Declaration) -> String {
    guard let text = option.defaultText else { return option.help }
    return "\(option.help) (default \(text))"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: width - text.count)
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  static func wrap(_ text: String, width: Int) -> [String] {
    joined(text.split(separator: " ").map(String.init), width: width)
  }

  /// As many words on a line as fit.
  private static func joined(_ words: [String], width: Int) -> [String] {
    var lines: [String] = []
    for word in words {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(word)
      }
    }
    return lines
  }
}

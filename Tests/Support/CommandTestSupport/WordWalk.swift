import DetBasics
package import DetCommand
import Foundation
package import Testing

/// Walks every argument and option that verbs declare through words from outside, one at a time, the others being right.
///
/// A trap ends the tests, which names this one; a call that does not come back runs into its time limit. Whatever the
/// word, a call ends with 0, 1 or 64, says something where it refuses, and leaves the user's files as they are.
package struct WordWalk {
  private let sandbox: Sandbox
  private let environment: [String: String]
  private let executable: String
  private let run: @Sendable ([String], Context) -> ExitCode

  /// A walk in a sandbox, by a program.
  package init(
    _ sandbox: Sandbox, environment: [String: String] = [:], executable: String,
    run: @escaping @Sendable ([String], Context) -> ExitCode
  ) {
    self.sandbox = sandbox
    self.environment = environment
    self.executable = executable
    self.run = run
  }

  /// Where a word is put.
  private enum Place {
    case argument(Int)
    case option(String)

    /// A right command line, arguments first, with one word put into its place.
    func filled(_ word: String, in words: [String]) -> [String] {
      switch self {
      case .argument(let number):
        let first = words.firstIndex { $0.hasPrefix("--") } ?? words.count
        var arguments = Array(words[..<first])
        if number < arguments.count {
          arguments[number] = word
        } else {
          arguments.append(word)
        }
        // Behind "--" every word stands for itself, also one that looks like an option.
        return words[first...] + ["--"] + arguments
      case .option(let name):
        var words = words
        if let place = words.firstIndex(of: name) { words.removeSubrange(place...(place + 1)) }
        return words + ["\(name)=\(word)"]
      }
    }
  }

  /// Puts words of every kind into every place of a verb, standing in a folder of the sandbox, so that what a relative path
  /// makes is found.
  package func walk(
    _ verb: any Verb.Type, right words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for (number, argument) in verb.syntax.arguments.enumerated() {
      try walk(verb, .argument(number), argument, words, sourceLocation)
    }
    for option in verb.syntax.options where option.kind == .option {
      try walk(verb, .option(option.name), option, words, sourceLocation)
    }
  }

  private func walk(
    _ verb: any Verb.Type, _ place: Place, _ declaration: Declaration, _ words: [String],
    _ sourceLocation: SourceLocation
  ) throws {
    let standing = FileManager.default.currentDirectoryPath
    #expect(FileManager.default.changeCurrentDirectoryPath(sandbox.file("folder")))
    defer { _ = FileManager.default.changeCurrentDirectoryPath(standing) }
    for word in sandbox.words(for: declaration) {
      let line = [verb.name] + place.filled(word, in: words)
      let transcript = Transcript()
      let context = transcript.context(environment: environment, executable: executable)
      let code = run(line, context)
      let what = "\(line.map(\.oneLine))"
      try Self.expectGoodEnd(
        code, said: transcript.log + transcript.output, what, sourceLocation: sourceLocation)
      let damage = try sandbox.damage()
      #expect(damage.isEmpty, "\(what) changed \(damage)", sourceLocation: sourceLocation)
    }
  }

  /// What holds of every end, whatever the word.
  private static func expectGoodEnd(
    _ code: ExitCode?, said: String, _ what: String, sourceLocation: SourceLocation
  ) throws {
    guard let code, code != .interrupted else {
      Issue.record("\(what) ended with \(String(describing: code))", sourceLocation: sourceLocation)
      return
    }
    // What is refused is said; the doctor says it on standard output.
    #expect(code == .done || !said.isEmpty, "\(what) says nothing", sourceLocation: sourceLocation)
  }
}

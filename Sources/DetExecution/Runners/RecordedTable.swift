import DetBasics
package import DetSearch
package import DetSpec
package import Foundation

/// Trials that were evaluated once and for all, so that searches can be compared in seconds.
///
/// JSON lines: `{"design": "…", "metrics": {"AP": 0.3, "latency": 20}, "seconds": 80}`; what `smnas trials --json` prints is
/// one too. A row may have an `outcome` other than `finished`, and a `stage`; a row without a stage serves both.
package struct RecordedTable: Sendable {
  /// What the table says of a design.
  package struct Row: Sendable, Hashable {
    /// What became of it.
    package let outcome: Outcome
    /// How long it took.
    package let seconds: Double
  }

  private struct Key: Hashable {
    let stage: SearchStage?
    let design: DetectorDesign
  }

  private struct Line: Decodable {
    let id: Int?
    let stage: SearchStage?
    let pick: Int?
    let design: DetectorDesign
    let origin: String?
    let parent: Int?
    let outcome: String?
    let reason: String?
    let signal: Int?
    let metrics: [String: Double]?
    let seconds: Double?
  }

  private var rows: [Key: Row] = [:]

  /// The number of rows.
  package var count: Int { rows.count }

  /// Reads a table's file.
  package init(file path: String) throws {
    try self.init(data: TextFile.bytes(path), source: path)
  }

  /// Reads a table's text.
  package init(data: Data, source: String) throws {
    let content = JSONLinesContent(data)
    guard !content.endsTorn else {
      throw ExecutionError.table(
        path: source, line: (content.lines.last?.number ?? 0) + 1,
        problem: "the line does not end; the file was cut off")
    }
    for (number, text) in content.lines {
      do {
        let line = try JSON.decode(Line.self, from: text, source: source)
        guard let row = try Self.row(line) else { continue }
        let key = Key(stage: line.stage, design: line.design)
        guard rows.updateValue(row, forKey: key) == nil else {
          throw JSONError(source: source, problem: "the design \(line.design) stands there twice")
        }
      } catch let error as JSONError {
        let place = error.path.isEmpty ? "" : "\(error.path): "
        throw ExecutionError.table(path: source, line: number, problem: place + error.problem)
      }
    }
    guard !rows.isEmpty else {
      throw ExecutionError.table(path: source, line: 1, problem: "the table has no rows")
    }
  }

  /// What a line says; nil for trials that were never evaluated.
  private static func row(_ line: Line) throws -> Row? {
    let name = line.outcome ?? Outcome.Kind.finished.rawValue
    let reason = line.reason ?? "as recorded"
    let outcome: Outcome
    switch Outcome.Kind(rawValue: name) {
    case .finished: outcome = .finished(metrics: line.metrics ?? [:])
    case .failed: outcome = .failed(reason: reason)
    case .crashed: outcome = .crashed(signal: line.signal ?? 0)
    case .timedOut: outcome = .timedOut
    case .outOfMemory: outcome = .outOfMemory
    case .diverged: outcome = .diverged
    case .pruned: return nil
    case nil:
      guard name != "running", name != "interrupted" else { return nil }
      let names = Outcome.Kind.allCases.map(\.rawValue)
      throw JSONError(
        source: "", path: "outcome",
        problem: "no outcome is called \"\(name)\"" + Spelling.hint(for: name, among: names))
    }
    let seconds = line.seconds ?? 1
    guard seconds >= 0, seconds.isFinite else {
      throw JSONError(source: "", path: "seconds", problem: "is \(seconds); use 0 or more")
    }
    return Row(outcome: outcome, seconds: seconds)
  }

  /// What the table says of a design in a stage.
  package func row(for design: DetectorDesign, stage: SearchStage) -> Row? {
    rows[Key(stage: stage, design: design)] ?? rows[Key(stage: nil, design: design)]
  }
}

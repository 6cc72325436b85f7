import DetBasics
package import DetSearch
package import DetSpec
package import Foundation

/// Trials that were evaluated once and for all, so that searches can be compared in seconds.
///
/// JSON lines: `{"design": "…", "metrics": {"AP": 0.3, "latency": 20}, "seconds": 80}`; what `smnas trials --json` prints is
/// one too. A row may have an `outcome` other than `finished`, and a `stage`; a row without a stage serves both. What its epochs
/// reported may stand in `epochs`, as in `[{"epoch": 3, "metrics": {"AP": 0.2}}, …]`, the last one being the training's last. Further rows of a design whose `origin` is `reseed` are its trainings by other seeds.
package struct RecordedTable: Sendable {
  /// What the table says of a design.
  package struct Row: Sendable, Hashable {
    /// What became of it.
    package let outcome: Outcome
    /// How long it took.
    package let seconds: Double
    /// What its epochs reported, in order; the last is that of the training's last epoch.
    package var epochs: [Epoch] = []
  }

  /// What a trial reported after an epoch.
  package struct Epoch: Sendable, Hashable, Codable {
    /// The epoch's number, from 1.
    package let epoch: Int
    /// `AP`, … when it was evaluated.
    package let metrics: [String: Double]
  }

  private struct Key: Hashable {
    let stage: SearchStage?
    let design: DetectorDesign
  }

  /// A line: of a trial's keys only the design must be there.
  private struct Line: Decodable {
    let key: Key
    /// Nil for a trial that was never evaluated.
    let row: Row?
    /// Whether it trains a design once more.
    let isReseed: Bool

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Trial.CodingKeys.self)
      key = Key(
        stage: try container.decodeIfPresent(SearchStage.self, forKey: .stage),
        design: try container.decode(DetectorDesign.self, forKey: .design))
      isReseed =
        try container.decodeIfPresent(String.self, forKey: .origin) == Origin.Kind.reseed.rawValue
      let cached = try container.decodeIfPresent(Trial.Cached.self, forKey: .cached)
      let own = try container.decodeIfPresent(Double.self, forKey: .seconds)
      let seconds = cached?.secondsPaid ?? own ?? 1
      guard seconds >= 0, seconds.isFinite else {
        throw DecodingError.dataCorruptedError(
          forKey: .seconds, in: container, debugDescription: "is \(seconds); use 0 or more")
      }
      let word = try container.decodeIfPresent(String.self, forKey: .outcome)
      guard word.flatMap(Trial.OpenState.init(rawValue:)) == nil else {
        row = nil
        return
      }
      let kind =
        word == nil ? .finished : try container.decode(Outcome.Kind.self, forKey: .outcome)
      let outcome = try Outcome(kind, from: container)
      guard outcome.isOfTheDesign else {
        row = nil
        return
      }
      let epochs = try container.decodeIfPresent([Epoch].self, forKey: .epochs) ?? []
      guard zip([0] + epochs.map(\.epoch), epochs).allSatisfy({ $0 < $1.epoch }) else {
        throw DecodingError.dataCorruptedError(
          forKey: .epochs, in: container,
          debugDescription: "are not in order; list each once, from the first on")
      }
      row = Row(outcome: outcome, seconds: seconds, epochs: epochs)
    }
  }

  /// The rows of each design: its first training, and those by other seeds.
  private var rows: [Key: [Row]] = [:]

  /// The number of rows.
  package var count: Int { rows.count }

  /// Reads a table's file.
  package init(file path: String) throws {
    try self.init(data: Files.bytes(path), source: path)
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
        guard let row = line.row else { continue }
        rows[line.key, default: []].append(row)
        guard rows[line.key]?.count == 1 || line.isReseed else {
          throw JSONError(
            source: source, problem: "the design \(line.key.design) stands there twice")
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

  /// What the table says of a design in a stage, trained for the first time, or again: when all that was recorded has been told, the first
  /// comes again.
  package func row(
    for design: DetectorDesign, stage: SearchStage?, again: Int = 0
  ) -> Row? {
    let found = rows[Key(stage: stage, design: design)] ?? rows[Key(stage: nil, design: design)]
    return found.map { $0[again % $0.count] }
  }
}

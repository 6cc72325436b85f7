import DetBasics
import DetReport

/// What a page shows at one moment: markup by parts, and the data of its script by pieces, so that two moments can be told apart
/// cheaply and only what is new is sent.
struct Shown: Sendable {
  /// A trial's data.
  struct TrialPiece: Sendable, Equatable {
    let id: Int
    let entry: ReportModel.Entry
    /// The entry as JSON that may stand in a script element.
    let json: String
  }

  /// What grows of a front from trial to trial.
  struct Growth: Sendable, Equatable {
    let front: String
    let trials: [Int]
    let hypervolume: [ReportModel.Progress]
  }

  /// The page's title.
  var title: String
  /// Its parts in order.
  var parts: [PagePart]
  /// Small data by the script's names, as JSON that may stand in a script element.
  var islands: [Island] = []
  /// The trials by number.
  var trials: [TrialPiece] = []
  /// Of every front.
  var growth: [Growth] = []

  /// Data of the script that change as a whole.
  struct Island: Sendable, Equatable {
    let name: String
    let json: String
  }
}

extension Shown {
  /// What a page must take in to show this where it showed something else, as the script's `take` reads it; nil where nothing is new.
  ///
  /// - Parameters:
  ///   - old: what it shows; nil for all data but no markup, as a page holds it from the beginning.
  ///   - version: what it shows then.
  /// - Returns: a JSON object.
  /// - Throws: when a number is not finite, which JSON cannot say.
  func change(from old: Shown?, version: String) throws -> String? {
    var fields: [String] = []
    func add(_ name: String, _ json: String) { fields.append("\"\(name)\":\(json)") }
    if let old {
      if old.parts.map(\.id) != parts.map(\.id) { add("order", try Markup.island(parts.map(\.id))) }
      let known = Dictionary(old.parts.map { ($0.id, $0) }) { $1 }
      let renewed = try parts.compactMap { try Self.change(of: $0, from: known[$0.id]) }
      if !renewed.isEmpty { add("parts", "[\(renewed.joined(separator: ","))]") }
      if old.title != title { add("title", try Markup.island(title)) }
      for island in islands where !old.islands.contains(island) { add(island.name, island.json) }
    }
    let before = Dictionary((old?.trials ?? []).map { ($0.id, $0.json) }) { $1 }
    let ended = trials.filter { before[$0.id] != $0.json }.map(\.json)
    if !ended.isEmpty { add("trials", "[\(ended.joined(separator: ","))]") }
    let grown = try growth.compactMap { one in
      try one.change(from: old?.growth.first { $0.front == one.front })
    }
    if !grown.isEmpty { add("grown", "[\(grown.joined(separator: ","))]") }
    guard old == nil || !fields.isEmpty else { return nil }
    add("version", try Markup.island(version))
    return "{\(fields.joined(separator: ","))}"
  }

  private struct PartChange: Encodable {
    let id: String
    let html: String?
    let rows: [[String]]?
    let gone: [String]?
  }

  private static func change(of part: PagePart, from old: PagePart?) throws -> String? {
    let known = Dictionary((old?.rows ?? []).map { ($0.key, $0.html) }) { $1 }
    let rows = part.rows.filter { known[$0.key] != $0.html }.map { [$0.key, $0.html] }
    let present = Set(part.rows.map(\.key))
    let gone = (old?.rows ?? []).map(\.key).filter { !present.contains($0) }
    let html = old?.shell == part.shell ? nil : part.shell
    guard html != nil || !rows.isEmpty || !gone.isEmpty else { return nil }
    return try JSON.text(
      PartChange(
        id: part.id, html: html, rows: rows.isEmpty ? nil : rows, gone: gone.isEmpty ? nil : gone))
  }
}

extension Shown.Growth {
  private struct Change: Encodable {
    struct More<Element: Encodable>: Encodable {
      let from: Int
      let more: [Element]
    }
    let front: String
    let trials: More<Int>
    let hypervolume: More<ReportModel.Progress>
  }

  /// What is behind the part that both have; nil where nothing is new.
  fileprivate func change(from old: Shown.Growth?) throws -> String? {
    guard old != self else { return nil }
    return try Markup.island(
      Change(
        front: front, trials: Self.more(trials, than: old?.trials ?? []),
        hypervolume: Self.more(hypervolume, than: old?.hypervolume ?? [])))
  }

  private static func more<Element: Encodable & Equatable>(
    _ now: [Element], than before: [Element]
  ) -> Change.More<Element> {
    let same = zip(now, before).prefix { $0 == $1 }.count
    return .init(from: same, more: Array(now[same...]))
  }
}

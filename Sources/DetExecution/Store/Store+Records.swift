import DetBasics
import DetSearch
import DetSpec
import Foundation

/// The store and the records of the trials, which know the same.
extension Store {
  /// Changes the store and, before that counts, the records of the trials that it is about.
  func change<Trials: Sequence>(_ trials: Trials, _ body: () throws -> Void) throws
  where Trials.Element == Int {
    try database.transaction {
      try body()
      for id in trials { try keepRecord(ofTrial: id) }
    }
  }

  /// Writes the record of a trial as its rows are now.
  func keepRecord(ofTrial id: Int, waits: Bool = true) throws {
    guard let folder else { return }
    for record in try records(of: id).values { try Self.keep(record, in: folder, waits: waits) }
  }

  static func keep(_ record: TrialRecord, in folder: RunFolder, waits: Bool = true) throws {
    let place = folder.trial(record.trial.id)
    try Files.makeFolder(place.path)
    try SealedFile.write(record, to: place.record, waits: waits)
  }

  /// Writes what the run as a whole is known by, before a transaction that changes it counts.
  func keepFacts() throws {
    if let folder { try SealedFile.write(facts(), to: folder.facts) }
  }

  func facts() throws -> [String: String] {
    let rows = try database.query("SELECT name, value FROM facts")
    return Dictionary(
      rows.compactMap { row in
        row.text("name").flatMap { name in row.text("value").map { (name, $0) } }
      }
    ) { first, _ in first }
  }

  /// What the tables say of the trials, or of one; rows that cannot be read are left out.
  func records(of id: Int? = nil) throws -> [Int: TrialRecord] {
    let wanted = id.map { [SQLValue($0)] } ?? []
    let annexes = try annexes(of: id)
    let judged =
      try hasTable("judged")
      ? database.query(
        "SELECT trial, data FROM judged" + (id == nil ? "" : " WHERE trial = ?"), wanted) : []
    let data = Dictionary(
      judged.compactMap { row in
        row.integer("trial").flatMap { trial in row.text("data").map { (trial, $0) } }
      }
    ) { first, _ in first }
    let latencies = try latencies(of: id)
    let rows = try database.query(
      """
      SELECT trials.*, sequence, outcome, reason, signal, metrics, seconds, ended
      FROM trials LEFT JOIN outcomes ON outcomes.trial = trials.id
      """ + (id == nil ? "" : " WHERE trials.id = ?"), wanted)
    var found: [Int: TrialRecord] = [:]
    for row in rows {
      guard let id = row.integer("id"),
        let trial = try? TrialRow.trial(
          row, annexes[id] ?? .init(), source: database.path)
      else { continue }
      found[id] = TrialRecord(
        trial: trial, suggested: row.real("suggested") ?? 0, ended: row.real("ended"),
        data: trial.result == nil ? nil : data[id], latency: latencies[id])
    }
    return found
  }

  private func latencies(of id: Int?) throws -> [Int: TrialEvent] {
    let rows = try database.query(
      "SELECT trial, event FROM events WHERE event LIKE '%\"event\":\"latency\"%'"
        + (id == nil ? "" : " AND trial = ?") + " ORDER BY number", id.map { [SQLValue($0)] } ?? [])
    var texts: [Int: String] = [:]
    for row in rows { if let trial = row.integer("trial") { texts[trial] = row.text("event") } }
    return texts.compactMapValues { try? JSON.decode(TrialEvent.self, from: $0, source: "event") }
  }

  // MARK: - Putting back

  /// Brings the store and the records of the trials into line: what the store has lost is put back, and records that are missing
  /// are written. A killed search may have left both one step apart.
  ///
  /// - Returns: the trials that were put back.
  /// - Throws: an ``ExecutionError`` when something cannot be put back.
  func reconcile() throws -> [Int] {
    guard let folder else { return [] }
    let (own, kept) = (try records(), folder.records())
    var last = own.keys.max() ?? 0
    // Behind a gap nothing can be placed.
    while kept[last + 1] != nil { last += 1 }
    var behind: [TrialRecord] = []
    for (id, record) in kept.sorted(by: { $0.key < $1.key })
    where id <= last && own[id] != record {
      // An outcome is taken back to do the trial again, and only where it has no results.
      let isEarlier = record.trial.result == nil && own[id]?.trial.isFinished == true
      if !isEarlier { behind.append(record) }
    }
    let facts = try facts()
    let keptFacts = folder.keptFacts()
    try database.transaction {
      try putBack(behind, events: folder)
      for (name, value) in keptFacts ?? [:] where facts[name] != value {
        try insertFact(name, value)
      }
    }
    if keptFacts == nil { try keepFacts() }
    let put = Set(behind.map(\.trial.id))
    for (id, record) in own where kept[id] != record && !put.contains(id) {
      try Self.keep(record, in: folder)
    }
    return behind.map(\.trial.id)
  }

  /// Makes a new store's rows of records and facts.
  func restore(_ records: [TrialRecord], facts: [String: String]) throws {
    try database.transaction {
      for (name, value) in facts { try insertFact(name, value) }
      try putBack(records, events: folder)
    }
    try keepFacts()
  }

  private func putBack(_ records: [TrialRecord], events folder: RunFolder?) throws {
    try database.execute("PRAGMA defer_foreign_keys = ON")
    if records.contains(where: { $0.data != nil }) { try makeJudged() }
    let tables = try ["proofs", "judged", "cached"].filter(hasTable)
    for record in records {
      for table in tables + ["outcomes"] {
        try database.query(
          "DELETE FROM \(table) WHERE trial = ?", [SQLValue(record.trial.id)])
      }
      try database.query("DELETE FROM trials WHERE id = ?", [SQLValue(record.trial.id)])
    }
    for record in records {
      let id = record.trial.id
      try insert(record.trial, at: record.suggested)
      if let result = record.trial.result {
        try insert(result, trial: id, at: record.ended ?? record.suggested)
      }
      if let data = record.data { try setData(data, of: id) }
      try putBackEvents(of: record, folder)
    }
  }

  /// Takes the events out of the trial's own file where that has more of them.
  private func putBackEvents(of record: TrialRecord, _ folder: RunFolder?) throws {
    let id = record.trial.id
    let kept = folder.map { Self.events(in: $0.trial(id)) } ?? []
    let count = try database.query(
      "SELECT count(*) AS count FROM events WHERE trial = ?", [SQLValue(id)]
    ).first?.integer("count")
    if kept.count > count ?? 0 {
      try database.query("DELETE FROM events WHERE trial = ?", [SQLValue(id)])
      for event in kept { try add(event, trial: id) }
    }
    if let latency = record.latency, try latencies(of: id)[id] != latency {
      try add(latency, trial: id)
    }
  }

  /// What a worker reported, as its own file has it; lines that are no events are passed over.
  static func events(in folder: TrialFolder) -> [TrialEvent] {
    guard let bytes = try? Files.bytes(folder.events) else { return [] }
    return JSONLinesContent(bytes).lines.compactMap {
      try? JSON.decode(TrialEvent.self, from: $0.text, source: folder.events)
    }
  }
}

import DetSpec

extension Trial: Codable {
  /// The keys of a trial in JSON.
  package enum CodingKeys: String, CodingKey {
    case id, stage, pick, step, design, origin, parent, seed, known
    case outcome, reason, signal, metrics, sequence, seconds, data, proof, stopping, cached, epochs
  }

  /// Reads a record.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .origin)
    let parent = try container.decodeIfPresent(Int.self, forKey: .parent)
    guard let origin = Origin(name: name, parent: parent) else {
      throw DecodingError.dataCorruptedError(
        forKey: .origin, in: container,
        debugDescription: "no origin is called \"\(name)\" and has the parent "
          + (parent.map(String.init) ?? "null")
          + "; use start, random, pick, or mutation or reseed with the trial it changes or repeats")
    }
    var result: Result?
    if let kind = try container.decodeIfPresent(Outcome.Kind.self, forKey: .outcome) {
      result = Result(
        outcome: try Outcome(kind, from: container),
        sequence: try container.decode(Int.self, forKey: .sequence),
        seconds: try container.decode(Double.self, forKey: .seconds),
        cached: try container.decodeIfPresent(Cached.self, forKey: .cached))
    }
    // A design that was pruned by a measured cost was suggested before anybody knew.
    let proof = result?.outcome.proof
    let isDecidedLater = proof?.metric.isMeasured ?? false
    let pruned = result?.outcome.kind == .pruned && !isDecidedLater ? result?.outcome.reason : nil
    self.init(
      suggestion: Suggestion(
        id: try container.decode(Int.self, forKey: .id),
        stage: try container.decode(SearchStage.self, forKey: .stage),
        pick: try container.decodeIfPresent(Int.self, forKey: .pick),
        step: try container.decode(Int.self, forKey: .step),
        design: try container.decode(DetectorDesign.self, forKey: .design), origin: origin,
        prunedBecause: pruned, proof: pruned == nil ? nil : proof),
      seed: try container.decode(UInt64.self, forKey: .seed),
      known: try container.decode(Int.self, forKey: .known), result: result)
  }

  /// Writes `id stage design outcome metrics seconds …`; no `outcome` while there is none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try encodeResults(to: &container)
    try container.encodeIfPresent(outcome?.kind, forKey: .outcome)
    try container.encodeIfPresent(result?.sequence, forKey: .sequence)
    try container.encode(suggestion.step, forKey: .step)
    try container.encode(seed, forKey: .seed)
    try container.encode(known, forKey: .known)
  }

  /// Writes what readers of results want: all but the outcome's name and the search's own bookkeeping.
  private func encodeResults(to container: inout KeyedEncodingContainer<CodingKeys>) throws {
    try container.encode(id, forKey: .id)
    try container.encode(stage, forKey: .stage)
    try container.encodeIfPresent(suggestion.pick, forKey: .pick)
    try container.encode(design, forKey: .design)
    try container.encode(suggestion.origin.name, forKey: .origin)
    try container.encodeIfPresent(suggestion.origin.parent, forKey: .parent)
    try container.encodeIfPresent(outcome?.reason, forKey: .reason)
    try container.encodeIfPresent(outcome?.signal, forKey: .signal)
    try container.encodeIfPresent(outcome?.proof, forKey: .proof)
    try container.encodeIfPresent(outcome?.stopping, forKey: .stopping)
    try container.encode(metrics, forKey: .metrics)
    try container.encodeIfPresent(result?.seconds, forKey: .seconds)
    try container.encodeIfPresent(result?.cached, forKey: .cached)
  }

  /// A trial as `smnas trials --json` and the report print it: the record without the search's bookkeeping, and with
  /// `running` or `interrupted` for an outcome that is not there yet.
  package struct Line: Encodable, Hashable, Sendable {
    /// The record.
    package let trial: Trial
    /// See ``Trial/state(whileSearching:)``.
    package let state: String
    /// Whether it was judged by data of earlier.
    package let isOfOtherData: Bool

    /// The line of a trial, in a run in which a search is at work or not.
    package init(_ trial: Trial, whileSearching isActive: Bool, isOfOtherData: Bool = false) {
      self.trial = trial
      self.isOfOtherData = isOfOtherData
      state = trial.state(whileSearching: isActive)
    }

    /// Writes `id stage design outcome metrics seconds`, and where there is one `pick origin parent reason signal proof stopping cached`; and
    /// `data`, which is `earlier` for a trial that was judged by data of earlier.
    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try trial.encodeResults(to: &container)
      try container.encode(state, forKey: .outcome)
      if isOfOtherData { try container.encode("earlier", forKey: .data) }
    }
  }
}

extension Outcome {
  /// An outcome of a known kind out of a trial's record.
  package init(_ kind: Kind, from container: KeyedDecodingContainer<Trial.CodingKeys>) throws {
    self.init(
      kind: kind, reason: try container.decodeIfPresent(String.self, forKey: .reason),
      signal: try container.decodeIfPresent(Int.self, forKey: .signal),
      metrics: try container.decodeIfPresent([String: Double].self, forKey: .metrics) ?? [:],
      proof: try container.decodeIfPresent(PruningProof.self, forKey: .proof),
      stopping: try container.decodeIfPresent(StoppingProof.self, forKey: .stopping))
  }
}

import DetBasics
import DetData
import DetTeam
import DetTensor

extension Team {
  /// This rank's share of every batch; nil for the whole.
  ///
  /// - Throws: `TeamError.refused` when the batch has no equal shares.
  func share(ofBatch images: Int) throws -> BatchShare? {
    guard !isAlone else { return nil }
    guard images.isMultiple(of: count) else {
      throw TeamError.refused(
        "a batch of \(images) has no \(count) equal shares; choose a batch that is a multiple of \(count), or another number "
          + "of processes")
    }
    return BatchShare(rank, of: count)
  }

  /// Rank 0's value, on all ranks.
  func shared<Value: Codable>(_ value: Value) throws -> Value {
    guard !isAlone else { return value }
    let bytes = try gather(isFirst ? Array(JSON.encode(value)) : [])[0]
    return try JSON.decode(
      Value.self, from: String(decoding: bytes, as: UTF8.self), source: "rank 0")
  }

  /// Makes sure that all ranks were given the same: the model and how it is trained, the data and the machine, the time.
  ///
  /// - Throws: `TeamError.refused` on all ranks, naming the first that differs and how.
  func agree(
    on description: some WeightsDescription, _ conditions: TrainingState.Conditions,
    budgetMinutes: Double?
  ) throws {
    guard !isAlone else { return }
    let own = Agreement(
      description: description, conditions: conditions, budgetMinutes: budgetMinutes)
    let texts = try gather(Array(JSON.encode(own))).map { String(decoding: $0, as: UTF8.self) }
    let values = try texts.map { try JSON.decode(JSONValue.self, from: $0, source: "a rank") }
    for (rank, other) in values.enumerated() {
      // Where each finds the first weights is its own affair; those of rank 0 count.
      let differences = other.differences(
        from: values[0], free: ["recipe.pretrained"])
      guard differences.isEmpty else {
        throw TeamError.refused(
          "rank \(rank) was given something else than rank 0: \(differences.joined(separator: "; "))"
            + "; start all ranks with the same words, and give them the same data")
      }
    }
  }
}

private struct Agreement<Description: Encodable>: Encodable {
  let description: Description
  let conditions: TrainingState.Conditions
  let budgetMinutes: Double?

  private enum CodingKeys: CodingKey { case conditions, budgetMinutes }

  /// The keys of the description, and the others beside them.
  func encode(to encoder: any Encoder) throws {
    try description.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(conditions, forKey: .conditions)
    try container.encodeIfPresent(budgetMinutes, forKey: .budgetMinutes)
  }
}

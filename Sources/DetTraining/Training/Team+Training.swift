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

  /// Makes sure that all ranks were given the same.
  ///
  /// - Throws: `TeamError.refused` on all ranks, naming the first that differs and how.
  func agree(on value: some Encodable) throws {
    guard !isAlone else { return }
    let texts = try gather(Array(JSON.encode(value))).map { String(decoding: $0, as: UTF8.self) }
    let values = try texts.map { try JSON.decode(JSONValue.self, from: $0, source: "a rank") }
    for (rank, other) in values.enumerated() {
      // Where each finds the first weights is its own affair; those of rank 0 count.
      let differences = other.differences(
        from: values[0], free: ["recipe.pretrained", "description.recipe.pretrained"])
      guard differences.isEmpty else {
        throw TeamError.refused(
          "rank \(rank) was given something else than rank 0: \(differences.joined(separator: "; "))"
            + "; start all ranks with the same words, and give them the same data")
      }
    }
  }
}

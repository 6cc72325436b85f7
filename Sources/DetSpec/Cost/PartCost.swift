/// What one part of a detector costs; see ``DesignCost`` for what is counted.
public struct PartCost: Hashable, Sendable, Codable {
  /// The part.
  public let name: DesignCost.Part
  /// All parameters.
  public let parameters: Int
  /// Those of them that are scales and shifts of norms.
  public let normParameters: Int
  /// Multiply-accumulates.
  public let macs: Int
  /// Elements written.
  public let activations: Int
  /// Bytes read and written.
  public let memoryAccessBytes: Int
  /// What falls to each level; empty where work belongs to regions, not to levels.
  public let levels: [LevelCost]

  init(_ name: DesignCost.Part, _ total: CostCount, levels: [LevelCost] = []) {
    self.name = name
    parameters = total.parameters
    normParameters = total.normParameters
    macs = total.macs
    activations = total.activations
    memoryAccessBytes = total.memoryAccessBytes
    self.levels = levels
  }
}

/// What falls to one feature level within a part.
public struct LevelCost: Hashable, Sendable, Codable {
  /// `P1` … `P6`, or `stem`.
  public let name: String
  /// The level's own parameters; layers that all levels share count in the part alone.
  public let parameters: Int
  /// Multiply-accumulates.
  public let macs: Int
  /// Elements written.
  public let activations: Int
  /// Bytes read and written.
  public let memoryAccessBytes: Int

  init(_ name: String, _ count: CostCount) {
    self.name = name
    parameters = count.parameters
    macs = count.macs
    activations = count.activations
    memoryAccessBytes = count.memoryAccessBytes
  }
}

import DetBasics

extension LatencyConditions: Codable {
  private enum CodingKeys: String, CodingKey {
    case device, interval, anchor, calmAnchor, machine, ownLoad, attempts, disturbances
  }

  /// Reads what is known.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    device = try container.decodeIfPresent(String.self, forKey: .device)
    interval = try container.decodeIfPresent(Interval.self, forKey: .interval)
    anchor = try container.decodeIfPresent(LatencySummary.self, forKey: .anchor)
    calmAnchor = try container.decodeIfPresent(Double.self, forKey: .calmAnchor)
    machine = try container.decodeIfPresent(MachineState.self, forKey: .machine)
    ownLoad = try container.decodeIfPresent(Double.self, forKey: .ownLoad)
    attempts = try container.decodeIfPresent(Int.self, forKey: .attempts) ?? 1
    disturbances =
      try container.decodeIfPresent([Disturbance].self, forKey: .disturbances) ?? []
  }

  /// Writes what is known.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(device, forKey: .device)
    try container.encodeIfPresent(interval, forKey: .interval)
    try container.encodeIfPresent(anchor, forKey: .anchor)
    try container.encodeIfPresent(calmAnchor, forKey: .calmAnchor)
    try container.encodeIfPresent(machine, forKey: .machine)
    try container.encodeIfPresent(ownLoad, forKey: .ownLoad)
    try container.encode(attempts, forKey: .attempts)
    if !disturbances.isEmpty { try container.encode(disturbances, forKey: .disturbances) }
  }
}

extension LatencyReading: Codable {
  private enum CodingKeys: String, CodingKey {
    case runs = "milliseconds"
    case conditions
    case others = "devices"
  }

  /// Reads runs, and conditions and other devices' readings where there are some.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    runs = try container.decode(LatencySummary.self, forKey: .runs)
    conditions =
      try container.decodeIfPresent(LatencyConditions.self, forKey: .conditions)
      ?? LatencyConditions()
    others = try container.readings(forKey: .others)
  }

  /// Writes them.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(runs, forKey: .runs)
    try container.encode(conditions, forKey: .conditions)
    if !others.isEmpty { try container.encode(others, forKey: .others) }
  }
}

extension KeyedDecodingContainer {
  /// Readings by device, every name one that a device can have; none where the key is not there.
  func readings(forKey key: Key) throws -> [String: LatencyReading] {
    let readings = try decodeIfPresent([String: LatencyReading].self, forKey: key) ?? [:]
    if let odd = readings.keys.filter({ !Metric.isDevice($0) }).min() {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self,
        debugDescription:
          "\"\(odd)\" cannot be the name of a device: letters, digits, -, _ and ., the first a letter"
      )
    }
    return readings
  }
}

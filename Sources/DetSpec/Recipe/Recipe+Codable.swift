import DetBasics

// In JSON a recipe is a preset's name, or an object that names a preset under "extends" (default
// "structural") and gives only what departs from it. It is written in full.

extension Recipe: Codable {
  private enum CodingKeys: String, CodingKey {
    case extends, epochs, batch, learningRate, momentum, weightDecay, clipNorm, norm
    case weightStandardization, pretrained, weightAverage, augmentation, detection, evaluateEvery
    case precision, latency, groupsByAspect
  }

  /// Reads a preset's name or an object of departures; checks every value.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      self = try Self.preset(name, decoder)
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let preset = try container.decodeIfPresent(String.self, forKey: .extends)
    self = try Self.preset(preset ?? RecipePreset.structural.rawValue, decoder)
    try container.update(&epochs, .epochs)
    try container.update(&batch, .batch)
    try container.updateParts(&learningRate, .learningRate)
    try container.update(&momentum, .momentum)
    try container.update(&weightDecay, .weightDecay)
    try container.update(&clipNorm, .clipNorm)
    try container.update(&norm, .norm)
    try container.update(&weightStandardization, .weightStandardization)
    pretrained = try container.decodeIfPresent(String.self, forKey: .pretrained) ?? pretrained
    try container.update(&weightAverage, .weightAverage)
    try container.update(&groupsByAspect, .groupsByAspect)
    try container.updateParts(&augmentation, .augmentation)
    try container.updateParts(&detection, .detection)
    try container.update(&evaluateEvery, .evaluateEvery)
    try container.update(&precision, .precision)
    try container.updateParts(&latency, .latency)
    if let problem = problem {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: problem))
    }
  }

  private static func preset(_ name: String, _ decoder: any Decoder) throws -> Recipe {
    guard let preset = RecipePreset(rawValue: name) else {
      let names = RecipePreset.allCases.map(\.rawValue)
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "no recipe is called \"\(name)\"; there are "
            + names.joined(separator: ", ") + Spelling.hint(for: name, among: names)))
    }
    return preset.recipe
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(epochs, forKey: .epochs)
    try container.encode(batch, forKey: .batch)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(momentum, forKey: .momentum)
    try container.encode(weightDecay, forKey: .weightDecay)
    try container.encode(clipNorm, forKey: .clipNorm)
    try container.encode(norm, forKey: .norm)
    try container.encode(weightStandardization, forKey: .weightStandardization)
    try container.encodeIfPresent(pretrained, forKey: .pretrained)
    try container.encode(weightAverage, forKey: .weightAverage)
    try container.encode(groupsByAspect, forKey: .groupsByAspect)
    try container.encode(augmentation, forKey: .augmentation)
    try container.encode(detection, forKey: .detection)
    try container.encode(evaluateEvery, forKey: .evaluateEvery)
    try container.encode(precision, forKey: .precision)
    try container.encode(latency, forKey: .latency)
  }
}

extension Recipe {
  /// The first value that no training can work with, in words; nil when all is well.
  public var problem: String? {
    let rules: [(Bool, String)] = [
      (epochs >= 1 && epochs <= 10_000, "epochs is \(epochs); use 1 to 10000"),
      (batch >= 1 && batch <= 4096, "batch is \(batch); use 1 to 4096"),
      (
        learningRate.from > 0 && learningRate.from <= 100,
        "learningRate.from is \(learningRate.from); use a number above 0"
      ),
      (
        learningRate.to >= 0 && learningRate.to <= learningRate.from,
        "learningRate.to is \(learningRate.to); use 0 to learningRate.from"
      ),
      (learningRate.warmupSteps >= 0, "learningRate.warmupSteps is negative; use 0 or more"),
      (momentum >= 0 && momentum < 1, "momentum is \(momentum); use 0 up to below 1"),
      (weightDecay >= 0, "weightDecay is \(weightDecay); use 0 or more"),
      (clipNorm >= 0, "clipNorm is \(clipNorm); use 0 (off) or more"),
      (
        weightAverage >= 0 && weightAverage < 1,
        "weightAverage is \(weightAverage); use 0 up to below 1"
      ),
      (evaluateEvery >= 1, "evaluateEvery is \(evaluateEvery); use 1 or more"),
      (latency.runs >= 1, "latency.runs is \(latency.runs); use 1 or more"),
      (latency.warmupRuns >= 0, "latency.warmupRuns is \(latency.warmupRuns); use 0 or more"),
    ]
    return rules.first { !$0.0 }?.1 ?? augmentation.problem ?? detection.problem
  }
}

extension AugmentationSettings {
  var problem: String? {
    let shares: [(String, Double)] = [
      ("horizontalFlip", horizontalFlip), ("verticalFlip", verticalFlip),
      ("colour", colour), ("mosaic", mosaic),
    ]
    if let (name, share) = shares.first(where: { !(0...1).contains($0.1) }) {
      return "augmentation.\(name) is \(share); use 0 to 1"
    }
    guard (0.05...1).contains(crop) else {
      return "augmentation.crop is \(crop); use 0.05 to 1 (the whole image)"
    }
    guard scaleFrom >= 0.05, scaleFrom <= scaleTo, scaleTo <= 20 else {
      return "augmentation scales go from \(scaleFrom) to \(scaleTo); use 0.05 <= from <= to <= 20"
    }
    return nil
  }
}

extension DetectionSettings {
  var problem: String? {
    let counts: [(String, Int)] = [
      ("proposalSamples", proposalSamples), ("headSamples", headSamples),
      ("trainProposals", trainProposals), ("testProposals", testProposals),
      ("headWidth", headWidth), ("detectionsPerImage", detectionsPerImage),
    ]
    if let (name, count) = counts.first(where: { $0.1 < 1 || $0.1 > 100_000 }) {
      return "detection.\(name) is \(count); use 1 to 100000"
    }
    if anchorRatios.isEmpty || anchorRatios.contains(where: { $0 <= 0 }) || anchorScale <= 0 {
      return "detection.anchorScale and anchorRatios must be above 0, with at least one ratio"
    }
    let isFraction = (0...1).contains(scoreFloor) && (0...1).contains(suppressionIoU)
    return isFraction ? nil : "detection.scoreFloor and suppressionIoU are between 0 and 1"
  }
}

/// A group of values of which an object may give only some.
protocol PartlyGiven {
  associatedtype CodingKeys: CodingKey
  mutating func update(from container: KeyedDecodingContainer<CodingKeys>) throws
}

extension KeyedDecodingContainer {
  /// Takes the value under `key` when there is one.
  func update<Value: Decodable>(_ value: inout Value, _ key: Key) throws {
    if let given = try decodeIfPresent(Value.self, forKey: key) { value = given }
  }

  /// Takes those values of a group that stand under `key`.
  func updateParts<Parts: PartlyGiven>(_ parts: inout Parts, _ key: Key) throws {
    guard contains(key) else { return }
    try parts.update(from: nestedContainer(keyedBy: Parts.CodingKeys.self, forKey: key))
  }
}

extension Recipe.LearningRate: PartlyGiven {
  mutating func update(from container: KeyedDecodingContainer<CodingKeys>) throws {
    try container.update(&from, .from)
    try container.update(&to, .to)
    try container.update(&schedule, .schedule)
    try container.update(&warmupSteps, .warmupSteps)
  }
}

extension AugmentationSettings: PartlyGiven {
  mutating func update(from container: KeyedDecodingContainer<CodingKeys>) throws {
    try container.update(&horizontalFlip, .horizontalFlip)
    try container.update(&verticalFlip, .verticalFlip)
    try container.update(&quarterTurns, .quarterTurns)
    try container.update(&scaleFrom, .scaleFrom)
    try container.update(&scaleTo, .scaleTo)
    try container.update(&crop, .crop)
    try container.update(&colour, .colour)
    try container.update(&mosaic, .mosaic)
  }
}

extension DetectionSettings: PartlyGiven {
  mutating func update(from container: KeyedDecodingContainer<CodingKeys>) throws {
    try container.update(&anchorScale, .anchorScale)
    try container.update(&anchorRatios, .anchorRatios)
    try container.update(&proposalSamples, .proposalSamples)
    try container.update(&headSamples, .headSamples)
    try container.update(&trainProposals, .trainProposals)
    try container.update(&testProposals, .testProposals)
    try container.update(&headWidth, .headWidth)
    try container.update(&scoreFloor, .scoreFloor)
    try container.update(&suppressionIoU, .suppressionIoU)
    try container.update(&detectionsPerImage, .detectionsPerImage)
    try container.update(&alignsRegions, .alignsRegions)
  }
}

extension LatencySettings: PartlyGiven {
  mutating func update(from container: KeyedDecodingContainer<CodingKeys>) throws {
    try container.update(&warmupRuns, .warmupRuns)
    try container.update(&runs, .runs)
  }
}

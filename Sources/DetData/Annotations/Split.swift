import DetBasics

/// One side of a random division of a data set in two, the same for the same seed.
///
/// Images are divided before they are cut into tiles, and a file stays on one side whatever is made of it, so
/// that no image is both trained on and measured on.
public struct Split: Sendable, Hashable, Codable {
  /// The sides.
  public enum Part: String, Sendable, CaseIterable, Codable {
    /// For training.
    case train
    /// For validation.
    case validation
  }

  /// Which side.
  public internal(set) var part: Part
  /// Share of the images in the validation side.
  public internal(set) var share: Double
  /// Other seeds divide otherwise.
  public internal(set) var seed: UInt64

  /// One side of a division.
  public init(part: Part, share: Double = 0.2, seed: UInt64 = 0) {
    self.part = part
    self.share = share
    self.seed = seed
  }
}

extension Dataset {
  /// One side of a division by images; both sides have at least one image.
  public func split(_ split: Split) throws -> Dataset {
    var samplesOf: [String: [Int]] = [:]
    var paths: [String] = []
    for (index, sample) in samples.enumerated() {
      if samplesOf[sample.path] == nil { paths.append(sample.path) }
      samplesOf[sample.path, default: []].append(index)
    }
    guard paths.count >= 2 else {
      throw DataError(
        place: name, problem: "has one image, which cannot be divided",
        cure: "name another data set for validation")
    }
    var generator = Generator(seed: split.seed).stream("split")
    let wanted = Int((Double(paths.count) * split.share).rounded())
    let count = min(max(1, wanted), paths.count - 1)
    let validation = Set(generator.shuffled(paths).prefix(count).flatMap { samplesOf[$0] ?? [] })
    return keeping(
      samples.indices.filter { validation.contains($0) == (split.part == .validation) },
      because: .otherSplit)
  }
}

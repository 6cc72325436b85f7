import Foundation

/// A seeded source of random numbers whose every draw is defined here, not by the standard library.
///
/// Runs must survive compiler upgrades, so uniform draws, shuffles and normals are this project's own:
/// xoshiro256** (Blackman & Vigna 2018) seeded through SplitMix64. Independent streams are derived by
/// name, so that adding a draw in one place never shifts the draws of another.
///
/// ```swift
/// var generator = Generator(seed: 7).stream("mutation", 12)
/// generator.index(below: 5)
/// ```
public struct Generator: Sendable, Codable, Equatable {
  private var state: [UInt64]

  /// Starts the sequence that belongs to `seed`.
  public init(seed: UInt64) {
    var mixer = seed
    state = (0..<4).map { _ in
      mixer &+= 0x9E37_79B9_7F4A_7C15
      return StableHash.mix(mixer)
    }
  }

  /// Reads a state of four words, not all of them 0: no other comes out of a generator.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    state = try container.decode([UInt64].self, forKey: .state)
    guard state.count == 4, state.contains(where: { $0 != 0 }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .state, in: container,
        debugDescription: "a generator's state is four whole numbers, not all of them 0")
    }
  }

  /// An independent generator for the purpose `name` and the step `number`; this one does not advance.
  public func stream(_ name: String, _ number: Int = 0) -> Generator {
    var hash = StableHash()
    for word in state { hash.combine(word) }
    hash.combine(name)
    hash.combine(UInt64(bitPattern: Int64(number)))
    return Generator(seed: hash.value)
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let product = state[1] &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = state[1] << 17
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = (state[3] << 45) | (state[3] >> 19)
    return result
  }

  /// A uniform number in 0 ..< 1 with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A uniform number in the half-open range.
  public mutating func uniform(_ range: Range<Double>) -> Double {
    let value = range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
    // The sum may be rounded up to the bound, which does not belong to the range.
    return min(value, range.upperBound.nextDown)
  }

  /// A uniform index in 0 ..< `count`, without modulo bias (Lemire 2019).
  public mutating func index(below count: Int) -> Int {
    precondition(count > 0, "index(below:) needs a positive count, not \(count)")
    let bound = UInt64(count)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// True with the given probability.
  public mutating func chance(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// One element, each as likely as another; nil when there is none.
  @inlinable
  public mutating func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[index(below: elements.count)]
  }

  /// The elements in a random order (Fisher–Yates).
  @inlinable
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for last in stride(from: result.count - 1, to: 0, by: -1) {
      result.swapAt(last, index(below: last + 1))
    }
    return result
  }

  /// A draw from the standard normal distribution (Box–Muller, one value per call).
  public mutating func normal() -> Double {
    let radius = (-2 * Foundation.log(1 - uniform())).squareRoot()
    return radius * Foundation.cos(2 * Double.pi * uniform())
  }
}

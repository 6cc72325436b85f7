import DetBasics

extension Metric {
  /// A value as people read it, in its unit: `0.412`, `31.2 ms`, `16.2 M`.
  public func text(_ value: Double) -> String {
    descriptor.unit.text(value, digits: descriptor.digits)
  }

  /// A value inside a sentence, where it must say what it counts: `31.2 ms`, `12.3 G MACs`.
  public func phrase(_ value: Double) -> String {
    descriptor.unit == .count ? "\(text(value)) \(descriptor.title)" : text(value)
  }

  /// Two ends of a range, with the unit once where both have it: `10.2 – 11.8 ms`.
  public func range(_ low: Double, _ high: Double) -> String {
    let (left, right) = (text(low), text(high))
    let unit = right.lastIndex(of: " ").map { right[$0...] } ?? ""
    return (left.hasSuffix(unit) ? String(left.dropLast(unit.count)) : left) + " – " + right
  }

  /// The title at the head of a column: `Latency`, `MACs`.
  public var heading: String {
    descriptor.title.prefix(1).uppercased() + descriptor.title.dropFirst()
  }

  /// The title beside an axis of plain numbers: `Latency (ms)`, `MACs`.
  public var axis: String {
    let symbol = descriptor.unit.symbol
    return symbol.isEmpty ? heading : "\(heading) (\(symbol))"
  }

  /// What a metric's numbers count.
  public enum Unit: Hashable, Sendable {
    /// A part of one, 0 … 1.
    case fraction
    /// Milliseconds.
    case milliseconds
    /// A number of things.
    case count
    /// Bytes.
    case bytes

    /// A unit that numbers are written in.
    public struct Step: Hashable, Sendable, Codable {
      /// How many of the metric's own units it is.
      public let factor: Double
      /// What stands behind the number.
      public let suffix: String
    }

    /// The units that numbers are written in, largest first; none for fractions.
    public var steps: [Step] {
      switch self {
      case .fraction: []
      case .milliseconds: [Step(factor: 1, suffix: " ms")]
      case .count: Self.decimal(["", " k", " M", " G", " T"])
      case .bytes: Self.decimal([" B", " kB", " MB", " GB", " TB"])
      }
    }

    private static func decimal(_ suffixes: [String]) -> [Step] {
      var factor = 1.0
      let steps = suffixes.map { suffix in
        defer { factor *= 1000 }
        return Step(factor: factor, suffix: suffix)
      }
      return steps.reversed()
    }

    /// Whether there is nothing between two neighbouring numbers.
    public var isWhole: Bool {
      switch self {
      case .fraction, .milliseconds: false
      case .count, .bytes: true
      }
    }

    /// The unit of a number that stands alone, as on an axis.
    var symbol: String {
      switch self {
      case .fraction, .count: ""
      case .milliseconds: "ms"
      case .bytes: "bytes"
      }
    }

    /// What the design is that has least of it.
    public var superlative: String {
      switch self {
      case .milliseconds: "fastest"
      case .fraction, .count, .bytes: "smallest"
      }
    }

    /// A number in the largest unit that it reaches: `0.412`, `31.2 ms`, `950`, `16.2 M`, `412 MB`.
    public func text(_ value: Double, digits: Int = 3) -> String {
      let step = steps.first { value.magnitude >= $0.factor * 0.9995 } ?? steps.last
      guard let step else { return value.fixed(digits) }
      let scaled = value / step.factor
      let number = isWhole && step.factor == 1 ? scaled.fixed(0) : scaled.figures(digits)
      return number + step.suffix
    }
  }
}

import DetBasics
import DetData
import DetMetrics
import DetModel

/// How far a measured number can be trusted.
struct AccuracyInterval {
  let name: String
  let value: Double
  /// The 95 % interval; nil where there are too few images to say.
  let bounds: ClosedRange<Double>?

  /// `AP 0.412 [0.380, 0.444]`.
  var text: String {
    let range = bounds.map { " [\($0.lowerBound.fixed(3)), \($0.upperBound.fixed(3))]" }
    return "\(name) \(value.fixed(3))\(range ?? "")"
  }
}

extension Validation {
  /// Into how many groups images are divided for the intervals.
  static let intervalGroups = 20

  /// The twelve numbers with their 95 % intervals.
  ///
  /// AP by the bootstrap of `smnas evaluate`; the others by the jackknife over 20 groups of images, each left out once (Shao &
  /// Wu 1989): twenty evaluations instead of a thousand.
  func intervals(of result: Result, generator: Generator) throws -> [AccuracyInterval] {
    let names = try evaluator(of: result.detections).finish().namedNumbers.map(\.name)
    let errors = try jackknife(result.detections)
    return try names.compactMap { name in
      guard let value = result.metrics[name] else { return nil }
      if name == "AP" {
        let found = Bootstrap.interval(try evaluator(of: result.detections), generator: generator)
        let isKnown = result.detections.count > 1
        return AccuracyInterval(
          name: name, value: value, bounds: isKnown ? found.lower...found.upper : nil)
      }
      let bounds = errors[name].map { error in
        max(0, value - 1.96 * error)...min(1, value + 1.96 * error)
      }
      return AccuracyInterval(name: name, value: value, bounds: bounds)
    }
  }

  /// The standard errors by name; none where there are fewer than two images.
  private func jackknife(_ detections: [[Detection]]) throws -> [String: Double] {
    let groups = min(Self.intervalGroups, detections.count)
    guard groups > 1 else { return [:] }
    var values: [String: [Double]] = [:]
    for group in 0..<groups {
      let kept = detections.indices.filter { $0 % groups != group }
      for (name, value) in try metrics(of: detections, onlyImages: kept) {
        values[name, default: []].append(value)
      }
    }
    return values.filter { $0.value.count == groups }.mapValues { values in
      let mean = values.reduce(0, +) / Double(groups)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares * Double(groups - 1) / Double(groups)).squareRoot()
    }
  }
}

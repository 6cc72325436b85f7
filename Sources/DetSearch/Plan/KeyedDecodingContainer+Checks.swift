/// How the plan's sections read a value: with a default, and with a sentence when it is out of range.
extension KeyedDecodingContainer {
  /// The value under a key, or its default.
  func value<Value: Decodable>(
    _ key: Key, default fallback: @autoclosure () -> Value
  ) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? fallback()
  }

  /// Throws `KEY PROBLEM` at this place of the file unless the condition holds.
  func require(_ condition: Bool, _ key: Key, _ problem: @autoclosure () -> String) throws {
    guard !condition else { return }
    throw DecodingError.dataCorrupted(
      .init(codingPath: codingPath, debugDescription: "\(key.stringValue) \(problem())"))
  }

  /// A whole number within a range, or its default.
  func count(
    _ key: Key, in range: ClosedRange<Int>, default fallback: @autoclosure () -> Int
  ) throws -> Int {
    let count = try value(key, default: fallback())
    try require(
      range.contains(count), key, "is \(count); use \(range.lowerBound) to \(range.upperBound)")
    return count
  }

  /// A number within a range, or its default.
  func number(
    _ key: Key, in range: ClosedRange<Double>, default fallback: Double
  ) throws -> Double {
    let number = try value(key, default: fallback)
    try require(
      range.contains(number), key, "is \(number); use \(range.lowerBound) to \(range.upperBound)")
    return number
  }

  /// A list of at least one element, none twice, or its default.
  func list<Element: Decodable & Hashable>(
    _ key: Key, default fallback: @autoclosure () -> [Element]
  ) throws -> [Element] {
    let list = try value(key, default: fallback())
    try require(!list.isEmpty, key, "is an empty list; name at least one")
    var seen = Set<Element>()
    for element in list {
      try require(seen.insert(element).inserted, key, "names \(element) twice; name it once")
    }
    return list
  }

  /// Objectives: at least one accuracy and one cost, none twice.
  func objectives(_ key: Key, default fallback: [SearchObjective]) throws -> [SearchObjective] {
    let names = try list(key, default: fallback.map(\.rawValue))
    let objectives = try names.map { name in
      guard let objective = SearchObjective(rawValue: name) else {
        let known = SearchObjective.allCases.map(\.rawValue).joined(separator: ", ")
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: codingPath,
            debugDescription: "\(key.stringValue) names \"\(name)\"; use some of \(known)"))
      }
      return objective
    }
    let isMixed = objectives.contains(where: \.isAccuracy) && !objectives.allSatisfy(\.isAccuracy)
    try require(
      isMixed, key,
      "are \(names.joined(separator: ", ")); use an accuracy (AP, AP50) and a cost (latency, macs, parameters)"
    )
    return objectives
  }
}

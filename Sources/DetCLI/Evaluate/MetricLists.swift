import DetBasics
import DetCommand
import DetMetrics

/// IoU thresholds as people write them: `0.5`, `0.5,0.75`, or `0.5:0.95:0.05` with both ends.
package struct OverlapList: ArgumentValue, Equatable {
  /// The thresholds, ascending.
  package let values: [Double]

  /// Reads 1 to 64 numbers from 0 to 1.
  package init(argument: String) throws {
    let wrong = ArgumentValueError(
      expected: "1 to 64 overlaps from 0 to 1, as in 0.5,0.75 or 0.5:0.95:0.05")
    let isRange = argument.contains(":")
    let words = argument.split(separator: isRange ? ":" : ",", omittingEmptySubsequences: false)
    let numbers = try words.map { word in
      guard let number = Double(word), number.isFinite else { throw wrong }
      return number
    }
    let values = isRange ? try Self.range(numbers, wrong) : numbers.sorted()
    guard (1...64).contains(values.count), values.allSatisfy({ (0...1).contains($0) }),
      zip(values, values.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw wrong }
    self.values = values
  }

  private static func range(
    _ numbers: [Double], _ wrong: ArgumentValueError
  ) throws -> [Double] {
    guard numbers.count == 3, numbers[2] > 0, numbers[0] <= numbers[1] else { throw wrong }
    let steps = (numbers[1] - numbers[0]) / numbers[2]
    guard steps < 64, abs(steps - steps.rounded()) < 1e-6 else { throw wrong }
    return COCOParameters.steps(from: numbers[0], to: numbers[1], count: Int(steps.rounded()) + 1)
  }
}

/// Detection limits per image and class: `1,10,100`.
package struct LimitList: ArgumentValue, Equatable {
  /// The limits, ascending.
  package let values: [Int]

  /// Reads 1 to 8 different whole numbers of at least 1.
  package init(argument: String) throws {
    let wrong = ArgumentValueError(expected: "1 to 8 different whole numbers, as in 1,10,100")
    let numbers = try argument.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let number = Int(word), (1...Int(Int32.max)).contains(number) else { throw wrong }
      return number
    }
    guard (1...8).contains(numbers.count), Set(numbers).count == numbers.count else { throw wrong }
    values = numbers.sorted()
  }
}

/// A confidence, as a share or in per cent: `0.95` or `95%`.
package struct Confidence: ArgumentValue, Equatable {
  /// The share, between 0 and 1.
  package let value: Double

  /// Makes a confidence, between 0 and 1.
  package init(_ value: Double) { self.value = value }

  /// Reads a share between 0 and 1, both left out.
  package init(argument: String) throws {
    let isPercent = argument.hasSuffix("%")
    let number = Double(isPercent ? String(argument.dropLast()) : argument)
    guard let number, case let value = isPercent ? number / 100 : number, value > 0, value < 1
    else { throw ArgumentValueError(expected: "a confidence between 0 and 1, as in 0.95 or 95%") }
    self.value = value
  }

  /// `95 %`
  package var text: String {
    let percent = (value * 100).fixed(6)
    let digits = percent.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return String(digits.reversed()) + " %"
  }
}

import DetBasics
public import DetSpec
import Foundation

/// The designs of stage one: every combination of a plan's parts that goes together.
///
/// ```swift
/// try StructuralSpace(StructuralParts()).size  // 1064
/// ```
public struct StructuralSpace: DesignSpace {
  /// The parts, inputs from small to large.
  public let parts: StructuralParts
  private let designs: [DetectorDesign]
  private let numbers: [DetectorDesign: Int]
  /// Of every combination of parts, whether valid or not, its design's number, or -1.
  private let table: [Int32]
  /// Of every design its combination's place in the table.
  private let places: [Int32]
  private let counts: [Int]
  /// The literature's detectors that are in the space, the best known first.
  public let classics: [Int]

  /// The most combinations that are looked at.
  static let mostCombinations = 4_000_000

  /// Lists the valid combinations of the parts.
  public init(_ parts: StructuralParts) throws {
    var parts = parts
    parts.inputs.sort { ($0.width * $0.height, $0.width) < ($1.width * $1.height, $1.width) }
    self.parts = parts
    counts = [
      parts.inputs.count, parts.backbones.count, parts.necks.count, parts.proposals.count,
      parts.heads.count,
    ]
    let combinations = counts.reduce(1.0) { $0 * Double($1) }
    guard combinations <= Double(Self.mostCombinations) else {
      throw SearchError.space(
        problem:
          "structural.space combines its parts in \(combinations.fixed(0)) ways, the most is "
          + "\(Self.mostCombinations)", cure: "shorten some of its lists")
    }
    var firstProblem: SpecError?
    var valid: [DetectorDesign] = []
    var numbers: [DetectorDesign: Int] = [:]
    var table: [Int32] = []
    var places: [Int32] = []
    for place in 0..<counts.reduce(1, *) {
      let choice = Self.choice(at: place, counts)
      switch Self.combine(parts, choice) {
      case .success(let design):
        // Two combinations can be one design: RetinaNet's channels may be written or be the pyramid's.
        if let number = numbers[design] {
          table.append(Int32(number))
          continue
        }
        numbers[design] = valid.count
        table.append(Int32(valid.count))
        places.append(Int32(place))
        valid.append(design)
      case .failure(let error):
        table.append(-1)
        firstProblem = firstProblem ?? error
      }
    }
    guard !valid.isEmpty else {
      let why = firstProblem.map { ": \($0)" } ?? ""
      throw SearchError.space(
        problem: "structural.space holds no valid design\(why)",
        cure: "add parts that go together, such as the proposals rpn and the head rcnn")
    }
    designs = valid
    self.numbers = numbers
    classics = Self.classics(inputs: parts.inputs) { [numbers] in numbers[$0] }
    (self.table, self.places) = (table, places)
  }

  /// Which element of each list stands at a place of the table; the last list runs fastest.
  private static func choice(at place: Int, _ counts: [Int]) -> [Int] {
    var rest = place
    return counts.reversed().map { count in
      defer { rest /= count }
      return rest % count
    }.reversed()
  }

  /// Which element of each list a design has.
  func choice(of number: Int) -> [Int] { Self.choice(at: Int(places[number]), counts) }

  /// The number of the design that a choice of elements makes; nil when they do not go together.
  func number(of choice: [Int]) -> Int? {
    var place = 0
    for (element, count) in zip(choice, counts) { place = place * count + element }
    let number = Int(table[place])
    return number < 0 ? nil : number
  }

  private static func combine(
    _ parts: StructuralParts, _ choice: [Int]
  ) -> Result<DetectorDesign, SpecError> {
    do {
      return .success(
        try DetectorDesign(
          input: parts.inputs[choice[0]], backbone: parts.backbones[choice[1]],
          neck: parts.necks[choice[2]], proposals: parts.proposals[choice[3]],
          head: parts.heads[choice[4]]))
    } catch let error as SpecError {
      return .failure(error)
    } catch {
      return .failure(
        .invalid(part: "design", value: "this", reason: "\(error)", cure: "change its parts"))
    }
  }

  /// The exact number of designs.
  public var size: Int { designs.count }
  /// One: every design is as likely as another.
  public var strata: [Range<Int>] { [0..<designs.count] }
  /// The design with a number.
  public func design(at index: Int) -> DetectorDesign { designs[index] }
  /// The number of a design.
  public func index(of design: DetectorDesign) -> Int? { numbers[design] }

  /// The number of parts that differ.
  public func distance(_ left: Int, _ right: Int) -> Double {
    Double(zip(choice(of: left), choice(of: right)).count { $0 != $1 })
  }

  /// The logarithm of the input's area, from 0 for the smallest to 1 for the largest, and of each other list which element it is.
  public func features(of number: Int) -> [Double] {
    let choice = choice(of: number)
    let areas = parts.inputs.map { log(Double($0.width * $0.height)) }
    let span = (areas.last ?? 0) - (areas.first ?? 0)
    let size = span > 0 ? (areas[choice[0]] - areas[0]) / span : 0
    return [size]
      + (1..<counts.count).flatMap { list in
        (0..<counts[list]).map { choice[list] == $0 ? 0.5.squareRoot() : 0 }
      }
  }

  /// One group of each list.
  public var featureGroups: [Range<Int>] {
    var start = 1
    return [0..<1]
      + counts.dropFirst().map { count in
        defer { start += count }
        return start..<start + count
      }
  }

  /// How many elements a list has: inputs, backbones, necks, proposals, heads.
  func count(ofList list: Int) -> Int { counts[list] }
}

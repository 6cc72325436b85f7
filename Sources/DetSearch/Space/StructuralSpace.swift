import DetBasics
package import DetSpec

/// The designs of stage one: every combination of a plan's parts that goes together.
///
/// ```swift
/// try StructuralSpace(StructuralParts()).size  // 1064
/// ```
package struct StructuralSpace: SearchSpace {
  /// The parts, inputs from small to large.
  package let parts: StructuralParts
  private let designs: [DetectorDesign]
  private let numbers: [DetectorDesign: Int]

  /// The most combinations that are looked at.
  static let mostCombinations = 4_000_000

  /// Lists the valid combinations of the parts.
  package init(_ parts: StructuralParts) throws {
    var parts = parts
    parts.inputs.sort { ($0.width * $0.height, $0.width) < ($1.width * $1.height, $1.width) }
    let lists = [
      parts.inputs.count, parts.backbones.count, parts.necks.count, parts.proposals.count,
      parts.heads.count,
    ]
    let combinations = lists.reduce(1.0) { $0 * Double($1) }
    guard combinations <= Double(Self.mostCombinations) else {
      throw SearchError.space(
        problem: "structural.space combines \(combinations.fixed(0)) times, the most is "
          + "\(Self.mostCombinations)", cure: "shorten some of its lists")
    }
    self.parts = parts
    var firstProblem: SpecError?
    var valid: [DetectorDesign] = []
    Self.forEachCombination(parts) { design in
      switch design {
      case .success(let design): valid.append(design)
      case .failure(let error): firstProblem = firstProblem ?? error
      }
    }
    guard !valid.isEmpty else {
      let why = firstProblem.map { ": \($0)" } ?? ""
      throw SearchError.space(
        problem: "structural.space holds no valid design\(why)",
        cure: "add parts that go together, such as the proposals rpn and the head rcnn")
    }
    designs = valid
    numbers = Dictionary(uniqueKeysWithValues: valid.enumerated().map { ($1, $0) })
  }

  private static func forEachCombination(
    _ parts: StructuralParts, _ body: (Result<DetectorDesign, SpecError>) -> Void
  ) {
    for input in parts.inputs {
      for backbone in parts.backbones {
        for neck in parts.necks {
          for proposals in parts.proposals {
            for head in parts.heads {
              body(combine(input, backbone, neck, proposals, head))
            }
          }
        }
      }
    }
  }

  static func combine(
    _ input: InputSize, _ backbone: BackboneSpec, _ neck: NeckSpec, _ proposals: ProposalSpec,
    _ head: HeadSpec
  ) -> Result<DetectorDesign, SpecError> {
    do {
      return .success(
        try DetectorDesign(
          input: input, backbone: backbone, neck: neck, proposals: proposals, head: head))
    } catch let error as SpecError {
      return .failure(error)
    } catch {
      return .failure(
        .invalid(part: "design", value: "\(input)", reason: "\(error)", cure: "change it"))
    }
  }

  /// The exact number of designs.
  package var size: Int { designs.count }
  /// One: every design is as likely as another.
  package var strata: [Range<Int>] { [0..<designs.count] }
  /// The design with a number.
  package func design(at index: Int) -> DetectorDesign { designs[index] }
  /// The number of a design.
  package func index(of design: DetectorDesign) -> Int? { numbers[design] }

  /// The number of parts that differ.
  package func distance(_ left: DetectorDesign, _ right: DetectorDesign) -> Double {
    Double(StructuralPart.allCases.count { !$0.isEqual(left, right) })
  }
}

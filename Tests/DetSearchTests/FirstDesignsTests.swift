import DetSearch
import DetSpec
import Foundation
import Testing

/// The designs that a search begins with.
@Suite struct FirstDesignsTests {
  private func first(_ count: Int, _ sections: String, seed: Int = 7) throws -> [DetectorDesign] {
    var study = try Study(plan: Samples.plan(sections, seed: seed), cost: Samples.cost)
    return try (0..<count).map { _ in
      let next = study.suggest()
      let suggestion = try #require(next)
      let trial = study.register(suggestion)
      #expect(trial.suggestion.origin == .start || trial.suggestion.origin == .pick(parent: nil))
      return trial.design
    }
  }

  private static func log(_ design: DetectorDesign) -> Double {
    Foundation.log(Double(Samples.cost(design, .structural).macs))
  }

  /// Which of so many equal parts of the logarithm of a space's costs some designs lie in.
  private func parts(
    _ count: Int, of designs: [DetectorDesign], in space: [DetectorDesign]
  ) throws -> Set<Int> {
    let costs = space.map(Self.log)
    let (least, most) = (try #require(costs.min()), try #require(costs.max()))
    return Set(
      designs.map { design in
        let part = Int((Self.log(design) - least) / (most - least) * Double(count))
        return max(0, min(count - 1, part))
      })
  }

  @Test func theLiteraturesDetectorsComeFirstAndAreHalfAtTheMost() throws {
    let literature = [
      "1333x800 | resnet50 | fpn P1-P5 256 | rpn | rcnn",
      "1333x800 | resnet50 | fpn P2-P6 256 | none | retinanet",
      "1333x800 | resnet50 | none | rpn | rcnn",
      "1333x800 | resnet50 | fpn P1-P5 256 | rpn | cascade 3",
    ]
    let space = try StructuralSpace(StructuralParts())
    let all = (0..<space.size).map(space.design(at:))
    let known = Set(space.classics.map(space.design(at:)))
    #expect(known.count == DesignPreset.all.count { $0.certainty == .published })
    for initial in 1...9 {
      let plan = "\"structural\": { \"trials\": 20, \"initial\": \(initial) }"
      let designs = try first(initial, plan)
      #expect(designs.prefix(initial / 2).map(\.text) == Array(literature.prefix(initial / 2)))
      let others = designs.dropFirst(initial / 2)
      // Each of the others lies in a part of the costs where there was none.
      let before = try parts(initial, of: Array(designs.prefix(initial / 2)), in: all).count
      #expect(try parts(initial, of: designs, in: all).count == before + others.count)
    }
  }

  @Test func theyHaveTheSizesOfTheSpace() throws {
    let designs = try first(
      4,
      """
      "structural": { "trials": 20, "initial": 8, "space": { "inputs": ["512x512", "600x800"],
        "backbones": ["resnet18", "mobilenetv2"] } }
      """)
    #expect(
      designs.map(\.text) == [
        "600x800 | resnet18 | fpn P1-P5 256 | rpn | rcnn",
        "600x800 | resnet18 | fpn P2-P6 256 | none | retinanet",
        "600x800 | resnet18 | fpn P1-P5 256 | rpn | cascade 3",
        "600x800 | resnet18 | fpn P1-P5 256 | ga-rpn | rcnn",
      ])
  }

  /// In a space without the literature's: one in every part of the costs where the space has designs.
  @Test(arguments: 1...3) func theyAreSpreadOverCost(_ seed: Int) throws {
    let section = """
      "structural": { "trials": 20, "initial": 6, "space": { "inputs": ["128x128", "256x256", "512x512"],
        "backbones": ["resnet18 16", "resnet18 32", "resnet34 16", "resnet34 48"],
        "necks": ["fpn P1-P4 32", "fpn P1-P4 128"], "proposals": ["rpn"], "heads": ["rcnn", "cascade 3"] } }
      """
    let parts = try #require(Samples.plan(section).structural?.space)
    let space = try StructuralSpace(parts)
    #expect(space.classics.isEmpty)
    let all = (0..<space.size).map(space.design(at:))
    let designs = try first(6, section, seed: seed)
    #expect(try self.parts(6, of: designs, in: all) == self.parts(6, of: all, in: all))
    #expect(try first(6, section, seed: seed) == designs)
    #expect(try first(6, section, seed: seed + 1) != designs)
  }

  /// Of a space that is too large to list, as stage two's.
  @Test(arguments: 1...3) func largeSpacesAreSpreadToo(_ seed: Int) throws {
    let pick = "512x512 | resnet18 | fpn P1-P5 256 | rpn | rcnn"
    let section =
      "\"modular\": { \"designs\": [\"\(pick)\"], \"trials\": 20, \"initial\": 8, \"baseline\": false }"
    let designs = try first(8, section, seed: seed)
    let space = ModularSpace(pick: try DetectorDesign(text: pick), parts: ModularParts())
    let sample = (0..<512).map { space.design(at: space.size / 512 * $0) }
    #expect(try parts(8, of: designs, in: sample + designs).count >= 5)
  }
}

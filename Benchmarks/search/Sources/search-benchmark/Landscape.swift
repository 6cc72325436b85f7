import DetBasics
import DetSearch
import DetSpec
import Foundation

/// A space in which accuracy and cost of everything are known, so that searches of it take no training.
struct Landscape {
  let space: any SearchSpace
  let evaluate: @Sendable (Int) -> (accuracy: Double, cost: Double)

  /// The landscapes by name; `cells:FILE` reads a table of cells.
  static func named(_ name: String) throws -> Landscape {
    if let file = name.split(separator: ":").dropFirst().first, name.hasPrefix("cells:") {
      return try cells(file: String(file))
    }
    switch name {
    case "smooth": return try structural(ruggedness: 0)
    case "rugged": return try structural(ruggedness: 0.06)
    case "modular": return try modular()
    case "pick 1":
      return try modular("512x512 | resnet34 | fpn P1-P5 256 | rpn | cascade 3", taste: 1)
    case "pick 2":
      return try modular("1080x720 | resnext50 | fpn P2-P6 256 | rpn | rcnn", taste: -1)
    default: throw LandscapeError.unknown(name)
    }
  }

  enum LandscapeError: Error { case unknown(String), shortTable(Int) }

  /// The paper's 1,064 designs of stage one. Accuracy is a product of what each part is worth; where it is rugged, parts also like or
  /// dislike one another, in pairs, in threes, and all together. Time follows the multiply-accumulates at a rate of each family, the
  /// memory that is moved, and what heads and proposals take for themselves.
  private static func structural(ruggedness: Double) throws -> Landscape {
    let space = try StructuralSpace(StructuralParts())
    let values = (0..<space.size).map { number in
      let design = space.design(at: number)
      return (accuracy: accuracy(of: design, ruggedness), cost: milliseconds(of: design))
    }
    return Landscape(space: space) { values[$0] }
  }

  private static let worth: [String: Double] = [
    "resnet18": 0.30, "resnet34": 0.34, "resnet50": 0.38, "resnet101": 0.41, "resnext50": 0.40,
    "resnext101": 0.44, "mobilenetv2": 0.27, "rcnn": 1, "retinanet": 0.97, "cascade 2": 1.05,
    "cascade 3": 1.08, "cascade 4": 1.075, "none": 0.97, "rpn": 1, "ga-rpn": 1.04,
  ]

  private static func worth(_ part: some CustomStringConvertible) -> Double {
    worth["\(part)"] ?? worth[String("\(part)".prefix { $0 != " " })] ?? 1
  }

  private static func accuracy(of design: DetectorDesign, _ ruggedness: Double) -> Double {
    let area = Double(design.input.width * design.input.height) / 1e6
    let neck = "\(design.neck)"
    let isWide = neck.contains("P5") ? 0.0 : 0.01
    let neckWorth = neck == "none" ? 0.78 : neck.contains("P1") ? 1 + isWide : 0.985 + isWide
    let size = 1 - 0.42 * exp(-1.6 * area)
    let product =
      worth(design.backbone) * size * neckWorth * worth(design.proposals) * worth(design.head)
    guard ruggedness > 0 else { return product }
    let liking =
      liking(design.backbone, design.neck) + liking(design.head, design.neck, design.input)
      + liking(design.backbone, design.input, design.head) + liking(design)
    return product + ruggedness * (liking / 4 - 0.5)
  }

  private static func liking(_ parts: any CustomStringConvertible...) -> Double {
    Double(StableHash.value(of: parts.map { "\($0)" }.joined(separator: " | ")) % 10_000) / 10_000
  }

  private static func milliseconds(of design: DetectorDesign) -> Double {
    let cost = DesignCost(design, classes: 80)
    let family = "\(design.backbone)"
    let rate = family.hasPrefix("resnext") ? 3.1e9 : family.hasPrefix("mobile") ? 1.1e9 : 5.2e9
    let own = "\(design.proposals)" == "ga-rpn" ? 5.0 : 1.5
    return 3 + own + Double(cost.macs) / rate + Double(cost.memoryAccessBytes) / 6e8
  }

  /// Stage two around a pick: 3,251,424 designs. Accuracy grows with the logarithm of the blocks, each stage's worth differing, falls
  /// with the distance of the raises from the best places, and saturates; the cost is counted. Other picks have a `taste` of their own:
  /// what is best for one is nearly best for another.
  private static func modular(
    _ pick: String = "800x600 | resnet50 | fpn P2-P5 256 | rpn | rcnn", taste: Double = 0
  ) throws -> Landscape {
    let pick = try DetectorDesign(text: pick)
    let space = ModularSpace(pick: pick, parts: ModularParts())
    return Landscape(space: space) { number in
      let design = space.design(at: number)
      let cost = Double(DesignCost(design, classes: 80).macs) / 1e9
      guard case .coded(let code) = design.backbone else { return (0, cost) }
      let lengths = code.doubles.map { log(1 + Double($0.count)) }
      let letters = code.doubles.flatMap { $0 }
      let places = letters.indices.filter { letters[$0] }.map {
        (Double($0) + 0.5) / Double(letters.count)
      }
      let deep = 0.6 + 0.1 * taste
      var quality = 0.25 * lengths[0] + 0.45 * lengths[1] + deep * lengths[2]
      quality += (0.4 - 0.1 * taste) * lengths[3]
      for (place, best) in zip(places, [0.2, 0.45, 0.75]) {
        let gap = place - best - 0.04 * taste
        quality -= 1.8 * gap * gap
      }
      quality += 0.15 * lengths[2] * (1 - (places.last ?? 1)) + 0.9 * log(Double(code.base) / 56)
      quality += "\(design.neck)".hasSuffix("256") ? 0.12 : 0
      let best = 0.24 + 0.03 * taste
      return (0.22 + best / (1 + exp(-1.4 * (quality - 2.2))), cost)
    }
  }

  /// A table of 15,625 cells of NAS-Bench-201: a line each, accuracy and milliseconds, the first edge running fastest.
  private static func cells(file: String) throws -> Landscape {
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    let values = lines.compactMap { line -> (accuracy: Double, cost: Double)? in
      let words = line.split(separator: " ").compactMap { Double($0) }
      return words.count == 2 ? (words[0], words[1]) : nil
    }
    let space = CellSpace()
    guard values.count == space.size else { throw LandscapeError.shortTable(values.count) }
    return Landscape(space: space) { values[$0] }
  }
}

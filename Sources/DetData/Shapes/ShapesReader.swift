import DetBasics

/// Draws scenes of coloured shapes, the same for the same seed.
struct ShapesReader: DatasetReader {
  static let summary = "Scenes of coloured shapes, drawn on demand."
  static let takesClasses = true

  private static let usualKinds: [ShapeKind] = [.circle, .square, .triangle, .star]
  private static let usualSize = PixelSize(width: 128, height: 128)

  static let settings = SettingsTable<DatasetSource> {
    $0.optional(
      "classes", \.classes, "The shapes to draw.", DatasetSource.classesRule,
      form: "list of \(names(ShapeKind.allCases))", absent: names(usualKinds))
    $0.include(DatasetSource.detection)
    $0.optional(
      "count", \.count, "How many scenes.", .atLeast(1), absent: "how many scenes to draw",
      isRequired: true)
    $0.optional(
      "size", \.size, "Size of a scene as WIDTHxHEIGHT.",
      SettingRule(
        "such as \"128x128\", each side at least 32",
        problem: { text, _ in
          guard let size = PixelSize(text) else { return "is \"\(text)\"; it reads like 128x128" }
          return min(size.width, size.height) < 32 ? "is \(size); each side is at least 32" : nil
        }), absent: "\"\(usualSize)\"")
    $0.optional("seed", \.seed, "Other seeds give other scenes.", absent: "0")
    $0.check { source in
      let other = source.classes?.first { ShapeKind(rawValue: $0) == nil }
      return other.map { "there is no shape \"\($0)\"; there are \(names(ShapeKind.allCases))" }
    }
  }

  private static func names(_ kinds: [ShapeKind]) -> String {
    kinds.map(\.rawValue).joined(separator: ", ")
  }

  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset {
    let kinds = source.classes?.compactMap { ShapeKind(rawValue: $0) } ?? usualKinds
    let size = source.size.flatMap { PixelSize($0) } ?? usualSize
    let seed = source.seed ?? 0
    let samples = (0..<(source.count ?? 0)).map { index in
      let scene = Scene(seed: seed, index: index, size: size, kinds: kinds)
      return Sample(
        imageID: Int64(index) + 1, content: .scene(scene), imageSize: size, boxes: scene.boxes)
    }
    var intake = BoxIntake(policy)
    intake.find(.image, samples.count)
    intake.find(.label, samples.reduce(0) { $0 + $1.boxes.count })
    var dataset = Dataset(
      name: "shapes \(size) seed \(seed)",
      categories: kinds.enumerated().map {
        Category(id: Int64($0.offset) + 1, name: $0.element.rawValue)
      },
      samples: samples, account: intake.account(of: samples))
    dataset.numberBoxes()
    return dataset
  }
}

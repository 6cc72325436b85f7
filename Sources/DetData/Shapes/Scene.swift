import DetBasics

/// A synthetic image of shapes on a textured ground; the same for the same seed, index, size and classes.
public struct Scene: Sendable, Equatable {
  /// The seed of the data set.
  public let seed: UInt64
  /// The number of the scene in it, from 0.
  public let index: Int
  /// The size of the picture.
  public let size: PixelSize
  /// The shapes that may occur.
  public let kinds: [ShapeKind]

  /// What errors call the scene.
  public var name: String { "shapes:\(seed):\(index)" }

  /// One shape of a scene; later ones lie over earlier ones.
  struct Item: Equatable {
    let kind: ShapeKind
    let x: Double
    let y: Double
    let radius: Double
    let angle: Double
    let colour: Colour

    /// The tight box around the shape's outline.
    var bounds: (x0: Double, y0: Double, x1: Double, y1: Double) {
      guard let outline else { return (x - radius, y - radius, x + radius, y + radius) }
      let xs = outline.map(\.x)
      let ys = outline.map(\.y)
      return (xs.min() ?? x, ys.min() ?? y, xs.max() ?? x, ys.max() ?? y)
    }

    /// Its corners in the picture; nil for round shapes.
    var outline: [(x: Double, y: Double)]? {
      let c = sine(angle + .pi / 2)
      let s = sine(angle)
      return kind.corners?.map { corner in
        let along = corner.x * c - corner.y * s
        let across = corner.x * s + corner.y * c
        return (x + radius * along, y + radius * across)
      }
    }
  }

  var generator: Generator { Generator(seed: seed).stream("scene", index) }

  /// One to seven shapes; each covers at most 40 % of the box of any earlier one.
  var items: [Item] {
    var generator = generator.stream("items")
    var items: [Item] = []
    let wanted = 1 + generator.index(below: 7)
    var attempts = 0
    while items.count < wanted, attempts < 60 {
      attempts += 1
      let item = candidate(&generator)
      if items.allSatisfy({ Self.covered($0, by: item) <= 0.4 }) { items.append(item) }
    }
    return items
  }

  /// Radius between a sixteenth and a fifth of the shorter side, wholly inside the picture.
  private func candidate(_ generator: inout Generator) -> Item {
    let side = Double(min(size.width, size.height))
    let kind = kinds[generator.index(below: kinds.count)]
    let radius = side / 16 * (1 + 2.2 * generator.uniform())
    let margin = radius + 1
    return Item(
      kind: kind, x: generator.uniform(margin..<Double(size.width) - margin),
      y: generator.uniform(margin..<Double(size.height) - margin), radius: radius,
      angle: generator.uniform(0..<2 * Double.pi), colour: Colour.vivid(&generator))
  }

  /// The share of the earlier shape's box that the later one's box covers.
  private static func covered(_ earlier: Item, by later: Item) -> Double {
    let a = earlier.bounds
    let b = later.bounds
    let width = min(a.x1, b.x1) - max(a.x0, b.x0)
    let height = min(a.y1, b.y1) - max(a.y0, b.y0)
    guard width > 0, height > 0 else { return 0 }
    return width * height / ((a.x1 - a.x0) * (a.y1 - a.y0))
  }

  /// The truth: one box per shape.
  var boxes: [LabelledBox] {
    items.compactMap { item in
      guard let category = kinds.firstIndex(of: item.kind) else { return nil }
      let bounds = item.bounds
      return LabelledBox(
        x0: bounds.x0, y0: bounds.y0, x1: bounds.x1, y1: bounds.y1, category: category)
    }
  }
}

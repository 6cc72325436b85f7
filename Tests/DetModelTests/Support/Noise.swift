import DetNN
import DetTensor

@testable import DetModel

/// Inputs and weights that the golden script draws too, by key and place.
enum Noise {
  /// Numbers of -1 ..< 1 of the stream `key`.
  static func tensor(_ key: Int, _ shape: [Int]) -> Tensor {
    let places = Tensor.arange(to: Double(shape.reduce(1, *)), dtype: .float64)
    let wave = (places * 12.9898 + Double(key) * 7.31).sin() * 43758.5453
    return ((wave - wave.floor()) * 2 - 1).reshaped(shape).to(.float32)
  }

  /// Boxes with corners inside the extent and sides from 4 to half of it.
  static func boxes(_ key: Int, _ count: Int, _ extent: Double) -> Tensor {
    let unit = tensor(key, [count, 4]).to(.float64) / 2 + 0.5
    let side = unit.narrowed(dim: 1, from: 2, count: 2) * (extent / 2 - 4) + 4
    let corner = unit.narrowed(dim: 1, from: 0, count: 2) * (extent - side)
    return Tensor.concatenated([corner, corner + side], dim: 1).to(.float32)
  }

  /// The same boxes as values.
  static func boxList(_ key: Int, _ count: Int, _ extent: Double) -> [Box] {
    let corners = boxes(key, count, extent).floats()
    return (0..<count).map {
      Box(
        x0: corners[4 * $0], y0: corners[4 * $0 + 1], x1: corners[4 * $0 + 2],
        y1: corners[4 * $0 + 3])
    }
  }

  /// Gives every tensor a value by its place among the sorted names.
  static func fill(_ store: ParameterStore) {
    withoutGradient {
      for (key, entry) in store.entries.sorted(by: { $0.name < $1.name }).enumerated() {
        entry.tensor.copy_(parameter(key, entry.name, entry.tensor.shape))
      }
    }
  }

  private static func parameter(_ key: Int, _ name: String, _ shape: [Int]) -> Tensor {
    let values = tensor(key, shape)
    if shape.count > 1 {
      var spread = (6 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
      if name.contains("cls") || name.contains("bbox") {
        spread *= name.hasPrefix("head.") ? 0.002 : 0.02
      }
      return values * spread
    }
    let isScale = name.hasSuffix("running_var") || name.hasSuffix("weight")
    return isScale ? values * 0.2 + 1 : values * 0.1
  }
}

import DetNN
import DetTensor

/// Inputs and weights that the golden script draws too: SplitMix64 by key and place.
enum Noise {
  /// Numbers of -1 ..< 1 of the stream `key`.
  static func values(_ key: Int, _ count: Int) -> [Float] {
    (1...max(1, count)).prefix(count).map { place in
      var z = UInt64(place) &* 0x9E37_79B9_7F4A_7C15
      z &+= UInt64(key) << 40
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      z ^= z >> 31
      return Float(Double(z >> 40) / 8_388_608 - 1)
    }
  }

  static func tensor(_ key: Int, _ shape: [Int]) -> Tensor {
    Tensor(values(key, shape.reduce(1, *)), shape: shape)
  }

  /// Boxes with corners inside the extent and sides from 4 to half of it.
  static func boxes(_ key: Int, _ count: Int, _ extent: Double) -> Tensor {
    let unit = tensor(key, [count, 4]).to(.float64) / 2 + 0.5
    let side = unit.narrowed(dim: 1, from: 2, count: 2) * (extent / 2 - 4) + 4
    let corner = unit.narrowed(dim: 1, from: 0, count: 2) * (extent - side)
    return Tensor.concatenated([corner, corner + side], dim: 1).to(.float32)
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

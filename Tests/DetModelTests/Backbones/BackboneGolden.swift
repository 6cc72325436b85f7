import DetModel
import DetNN
import DetTensor
import TestSupport
import Testing

/// What torchvision computed: Goldens/backbone.json, written by Goldens/make_backbone.py.
struct BackboneGolden: Decodable, Sendable {
  let torch: String
  let torchvision: String
  let height: Int
  let width: Int
  let backbones: [Features]
  let pyramids: [Pyramid]
  let training: [Training]

  struct Features: Decodable, Sendable, CustomTestStringConvertible {
    let backbone: String
    let parameters: Int
    let features: [Summary]
    var testDescription: String { backbone }
  }

  struct Pyramid: Decodable, Sendable, CustomTestStringConvertible {
    let backbone: String
    let finest: Int
    let channels: Int
    let extra: String
    let parameters: Int
    let levels: [Summary]
    var testDescription: String { "\(backbone) P\(finest) \(extra)" }
  }

  struct Training: Decodable, Sendable, CustomTestStringConvertible {
    let norm: String
    let loss: Double
    let features: [Summary]
    let gradients: [String: Summary]
    let buffers: [String: Summary]
    var testDescription: String { norm }
  }

  static func read() throws -> BackboneGolden {
    try Golden.read(BackboneGolden.self, "backbone.json")
  }
}

/// Some elements of a tensor, and figures over all of them.
struct Summary: Decodable, Sendable {
  let shape: [Int]
  let largest: Double
  let mean: Double
  let meanMagnitude: Double
  let places: [Int]
  let samples: [Double]
  /// How far torchvision's own float32 is from its float64, of the largest magnitude; gradients have it.
  let rounding: Double?

  /// Expects every sample within `tolerance` of the largest magnitude, and the figures likewise.
  func expect(
    _ tensor: Tensor, _ name: String, tolerance: Double = 2e-5,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(tensor.shape == shape, "\(name)", sourceLocation: sourceLocation)
    guard tensor.shape == shape else { return }
    let values = tensor.to(.float64).reshaped([-1])
    let found = values.rows(at: Tensor(places)).doubles()
    let magnitudes = values.abs()
    let worst = max(
      largestDifference(found, samples), abs(magnitudes.max().item() - largest),
      abs(values.mean().item() - mean), abs(magnitudes.mean().item() - meanMagnitude))
    #expect(
      worst <= tolerance * largest, "\(name): off by \(worst), the largest value is \(largest)",
      sourceLocation: sourceLocation)
  }
}

/// Weights and images that both sides draw from one formula, so that none need be stored.
enum Drawn {
  /// Numbers of -1 ..< 1 that depend on the name and the place alone, float64.
  static func values(_ name: String, _ shape: [Int]) -> Tensor {
    let phase = Double(name.utf8.reduce(0) { ($0 * 31 + Int($1)) % 10007 }) / 100
    let places = Tensor.arange(to: Double(shape.reduce(1, *)), dtype: .float64)
    let wave = (places * 12.9898 + phase).sin() * 43758.5453
    return ((wave - wave.floor()) * 2 - 1).reshaped(shape)
  }

  /// Two images of the golden's size.
  static func images(_ golden: BackboneGolden) -> Tensor {
    values("images", [2, 3, golden.height, golden.width]).to(.float32)
  }

  /// Gives every tensor of the store its value.
  static func fill(_ store: ParameterStore) {
    withoutGradient {
      for entry in store.entries { entry.tensor.copy_(parameter(entry.name, entry.tensor.shape)) }
    }
  }

  private static func parameter(_ name: String, _ shape: [Int]) -> Tensor {
    let values = values(name, shape)
    if shape.count == 4 {
      return values * (3 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
    }
    let isScale = name.hasSuffix("running_var") || name.hasSuffix("weight")
    return isScale ? values * 0.3 + 1 : values * 0.1
  }
}

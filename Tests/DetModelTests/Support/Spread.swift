import DetNN
import DetTensor
import TestSupport
import Testing

@testable import DetModel

/// A tensor by the norm of all its elements and by elements at evenly spread places (noise.py, spread_values).
struct Spread: Decodable, Sendable {
  let norm: Double
  let samples: [Double]

  /// Expects the norm within `tolerance` of itself, and every sample within it, or another, of the largest one.
  func expect(
    _ tensor: Tensor?, _ name: String, tolerance: Double, samples sampleTolerance: Double? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let values = (tensor ?? .zeros([0])).detached().doubles()
    let count = samples.count
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(
      abs(norm - self.norm) <= tolerance * self.norm, "\(name): norm \(norm), not \(self.norm)",
      sourceLocation: sourceLocation)
    guard !values.isEmpty else { return }
    let found = (0..<count).map { values[$0 * (values.count - 1) / max(1, count - 1)] }
    // Elements are sums with rounding of the size of typical elements.
    let scale = max(samples.map(abs).max() ?? 0, self.norm / Double(values.count).squareRoot())
    let worst = largestDifference(found, samples)
    #expect(
      worst <= (sampleTolerance ?? tolerance) * scale,
      "\(name): off by \(worst) at a scale of \(scale)",
      sourceLocation: sourceLocation)
  }
}

/// Expects losses to be the golden ones, and then all gradients.
func expectTraining(
  _ losses: Losses, _ expected: [String: Double], _ store: ParameterStore,
  gradients: [String: Spread], tolerance: Double, samples: Double? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(losses.count == expected.count, sourceLocation: sourceLocation)
  for (name, value) in losses {
    let ratio = value.item() / (expected[name] ?? .nan)
    expectClose([ratio], [1], name, tolerance: 1e-4, sourceLocation: sourceLocation)
  }
  losses.total.backward()
  for (name, gradient) in gradients.sorted(by: { $0.key < $1.key }) {
    gradient.expect(
      store[name]?.gradient, name, tolerance: tolerance, samples: samples,
      sourceLocation: sourceLocation)
  }
}

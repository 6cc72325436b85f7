import DetBasics
import DetTensor
import Testing

@testable import DetModel

/// What torchvision answered: Goldens/torchvision.json, written by Goldens/make_torchvision.py.
struct TorchvisionGolden: Decodable, Sendable {
  let torch: String
  let torchvision: String
  let suppression: Suppression
  let pooling: Pooling
  let faster: Whole
  let retina: Whole

  struct Suppression: Decodable, Sendable {
    let plain: [Int]
    let grouped: [Int]
  }

  struct Pooling: Decodable, Sendable {
    let single: [Single]
    let levels: [Double]
  }

  struct Single: Decodable, Sendable {
    let aligned: Bool
    let ratio: Int
    let out: [Double]
    let gradient: [Double]
  }

  struct Whole: Decodable, Sendable {
    let parameters: Int
    let features: [Spread]
    let losses: [String: Double]
    let gradients: [String: Spread]
    let proposals: [[Double]]?
    let detections: [Found]
  }

  struct Found: Decodable, Sendable {
    let boxes: [Double]
    let labels: [Int]
    let scores: [Double]
  }

  static func read() throws -> TorchvisionGolden {
    try JSON.decode(TorchvisionGolden.self, file: goldenPath("torchvision.json"))
  }
}

/// Expects the largest difference to be within `tolerance` of the largest magnitude, or of 1 where that is more.
func expectClose(
  _ found: [Double], _ expected: [Double], tolerance: Double, _ name: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, "\(name)", sourceLocation: sourceLocation)
  let scale = max(1, expected.map(abs).max() ?? 0)
  let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
  #expect(
    worst <= tolerance * scale, "\(name): off by \(worst) at a scale of \(scale)",
    sourceLocation: sourceLocation)
}

/// Expects labels to be the golden ones, scores and boxes to 1e-4.
func expectDetections(
  _ found: [Detection], _ expected: TorchvisionGolden.Found, labelOffset: Int = 0,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    found.map { $0.label + labelOffset } == expected.labels, sourceLocation: sourceLocation)
  expectClose(
    found.map { Double($0.score) }, expected.scores, tolerance: 1e-4, "scores",
    sourceLocation: sourceLocation)
  let corners = found.flatMap { [$0.box.x0, $0.box.y0, $0.box.x1, $0.box.y1] }
  expectClose(
    corners.map { Double($0) }, expected.boxes, tolerance: 1e-4, "boxes",
    sourceLocation: sourceLocation)
}

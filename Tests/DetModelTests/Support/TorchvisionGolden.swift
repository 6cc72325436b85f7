import DetTensor
import TestSupport
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
    try Golden.read(TorchvisionGolden.self, "torchvision.json")
  }
}

/// Expects labels to be the golden ones, scores and boxes to 1e-4.
func expectDetections(
  _ found: [Detection], _ expected: TorchvisionGolden.Found, labelOffset: Int = 0,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    found.map { $0.label + labelOffset } == expected.labels, sourceLocation: sourceLocation)
  expectClose(
    found.map { Double($0.score) }, expected.scores, "scores", tolerance: 1e-4,
    sourceLocation: sourceLocation)
  let corners = found.flatMap { [$0.box.x0, $0.box.y0, $0.box.x1, $0.box.y1] }
  expectClose(
    corners.map { Double($0) }, expected.boxes, "boxes", tolerance: 1e-4, scale: .largest,
    sourceLocation: sourceLocation)
}

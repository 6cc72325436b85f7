import DetBasics
import DetTensor
import Foundation
import Testing

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
    let features: [[Double]]
    let losses: [String: Double]
    let gradients: [String: Double]
    let proposals: [[Double]]?
    let detections: [Found]
  }

  struct Found: Decodable, Sendable {
    let boxes: [Double]
    let labels: [Int]
    let scores: [Double]
  }

  static func read() throws -> TorchvisionGolden {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try JSON.decode(
      TorchvisionGolden.self, file: folder.appending(path: "Goldens/torchvision.json").path)
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

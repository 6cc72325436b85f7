import TestSupport

/// What small networks written from the papers answered: Goldens/papers.json, written by Goldens/make_papers.py.
struct PaperGolden: Decodable, Sendable {
  let torch: String
  let torchvision: String
  let guided: Guided
  let cascade: Cascade

  struct Guided: Decodable, Sendable {
    let labels: [[Int]]
    let losses: [String: Double]
    let gradients: [String: Spread]
    let proposals: [[Double]]
  }

  struct Cascade: Decodable, Sendable {
    let losses: [String: Double]
    let gradients: [String: Spread]
    let detections: [TorchvisionGolden.Found]
  }

  static func read() throws -> PaperGolden {
    try Golden.read(PaperGolden.self, "papers.json")
  }
}

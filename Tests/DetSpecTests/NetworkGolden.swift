import TestSupport

/// What Goldens/make_networks.py counted on networks of torchvision and on its own coded networks.
struct NetworkGolden: Decodable {
  struct Backbone: Decodable {
    let parameters: Int
    let macs: Int
    let activations: Int
    let memoryAccessBytes: Int
    let levels: [[Int]]
    let convolutions: [String]
  }

  struct Part: Decodable {
    let parameters: Int
    let macs: Int
    let activations: Int
    let memoryAccessBytes: Int
  }

  struct Detector: Decodable {
    let parameters: Int
    let normParameters: Int
    let pyramid: Part
    let proposals: Part?
    let head: Part
  }

  let torch: String
  let torchvision: String
  let input: [Int]
  let classes: Int
  let rois: Int
  let backbones: [String: Backbone]
  let fasterRCNN: Detector
  let fasterRCNN18: Detector
  let retinaNet: Detector
  let guidedAnchoring256: Part
  let classics: [String: Int]

  static func load() throws -> NetworkGolden {
    try Golden.read(NetworkGolden.self, "networks.json")
  }
}

import DetSpec

/// A backbone as plain data: every convolution's shape and path follows from it, nothing is computed yet.
struct BackbonePlan {
  let stem: StemPlan
  /// Blocks of the four stages, which end at strides 4, 8, 16, 32.
  let stages: [[BlockPlan]]

  /// The plan of any backbone that a design can name.
  init(_ spec: BackboneSpec) {
    switch spec {
    case .classic(.mobilenetv2, let base): self.init(mobileNetV2: base)
    case .classic(let name, let base): self.init(residual: name, base: base)
    case .coded(let code): self.init(code)
    }
  }

  init(stem: StemPlan, stages: [[BlockPlan]]) {
    self.stem = stem
    self.stages = stages
  }

  /// The channels of P1, P2, P3, P4.
  var channels: [Int] { stages.map { $0.last?.outputs ?? 0 } }
}

/// The first layers, from the image on.
struct StemPlan {
  /// A convolution of stride 2 with the paths of its parts.
  struct Layer {
    let conv: String
    let norm: String
    let outputs: Int
    let kernel: Int
  }

  let layers: [Layer]
  /// Whether a 3x3 maximum of stride 2 follows.
  let pools: Bool
  let activation: Activation
}

/// A block with all its numbers.
struct BlockPlan {
  enum Kind: Equatable {
    /// Two 3x3 convolutions.
    case basic
    /// 1x1, 3x3 in groups, 1x1.
    case bottleneck(groups: Int)
    /// 1x1, depthwise 3x3, 1x1 without activation.
    case inverted
  }

  let path: String
  let kind: Kind
  let inputs: Int
  /// Channels inside the block.
  let width: Int
  let outputs: Int
  let stride: Int

  /// Whether the input can be added to the output as it is.
  var keepsShape: Bool { stride == 1 && inputs == outputs }
}

import DetSpec

extension StructuralSpace {
  /// The literature's detectors that are in the space, the best known first.
  ///
  /// Each at the size at which it was published, or else at the size of the space that is nearest to that.
  static func classics(
    inputs: [InputSize], number: (DetectorDesign) -> Int?
  ) -> [Int] {
    let designs = DesignPreset.classics.compactMap { try? $0.design() }
    var found: [Int] = []
    for backbone in backbones {
      for design in designs where design.backbone == .classic(backbone, base: backbone.standardBase)
      {
        guard let input = inputs.min(by: { isNearer($0, $1, to: design.input) }),
          let sized = try? DetectorDesign(
            input: input, backbone: design.backbone, neck: design.neck,
            proposals: design.proposals, head: design.head),
          let number = number(sized), !found.contains(number)
        else { continue }
        found.append(number)
      }
    }
    return found
  }

  /// What the literature compares detectors on, the most usual first.
  private static let backbones: [ClassicBackbone] = [
    .resnet50, .resnet101, .resnext50, .resnext101, .resnet18, .resnet34, .mobilenetv2,
  ]

  private static func isNearer(_ left: InputSize, _ right: InputSize, to size: InputSize) -> Bool {
    gap(left, size) < gap(right, size)
  }

  /// How far apart two sizes are, 0 for the same, whichever way they are turned.
  private static func gap(_ left: InputSize, _ right: InputSize) -> Double {
    let (left, right) = (left.landscape, right.landscape)
    let widths = Double(max(left.width, right.width)) / Double(min(left.width, right.width))
    let heights = Double(max(left.height, right.height)) / Double(min(left.height, right.height))
    return widths * heights - 1
  }
}

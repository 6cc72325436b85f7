import DetBasics
import DetModel
import DetNN
import DetSpec
import DetTensor
import Foundation
import Testing

@testable import DetExport

/// Small detectors with random weights that find something, and the comparison of what they and their graphs find.
enum SmallDetector {
  /// ImageNet's range.
  static let range = PixelRange(
    scale: [0.017124753, 0.017507004, 0.017429193], bias: [-2.117904, -2.0357141, -1.8044444])

  static func make(_ text: String, _ recipe: Recipe, seed: UInt64 = 4) throws -> Detector {
    var recipe = recipe
    recipe.detection.headWidth = 32
    recipe.detection.testProposals = 60
    recipe.detection.detectionsPerImage = 30
    recipe.detection.scoreFloor = 0.02
    return try make(DetectorDesign(text: text), classes: 3, recipe, seed: seed)
  }

  /// A detector of any size. Wide layers add up many numbers: what they say is less by a factor. What the residual blocks of a deep
  /// backbone add is less by a share, as after training, so that digits do not grow from block to block.
  static func make(
    _ design: DetectorDesign, classes: Int, _ recipe: Recipe, seed: UInt64 = 4, factor: Double = 1,
    residual: Double = 1
  ) throws -> Detector {
    let detector = try Detector(design, classes: classes, recipe: recipe, seed: seed)
    var generator = Generator(seed: 11)
    withoutGradient {
      for entry in detector.store.entries {
        let isOutput = entry.name.contains("cls_") || entry.name.contains("bbox_")
        // Scores that differ, boxes that move, statistics that are not those of a new network.
        if isOutput {
          let isDense = entry.name.hasPrefix("head.")
          let spread = entry.tensor.dimensions > 1 ? (isDense ? 0.02 : 0.08) * factor : 0.3
          entry.tensor.copy_(
            Tensor.normal(entry.tensor.shape, deviation: spread, using: &generator))
        } else if entry.name.hasPrefix("head."), entry.tensor.dimensions == 4 {
          let fan = entry.tensor.shape.dropFirst().reduce(1, *)
          entry.tensor.copy_(
            Tensor.normal(
              entry.tensor.shape, deviation: (2 / Double(fan)).squareRoot(), using: &generator))
        } else if entry.name.hasSuffix("bn3.weight") {
          entry.tensor.mul_(residual)
        } else if entry.name.hasSuffix("running_mean") {
          entry.tensor.copy_(
            Tensor.normal(entry.tensor.shape, deviation: 0.1, using: &generator))
        } else if entry.name.hasSuffix("running_var") {
          entry.tensor.copy_(
            Tensor.uniform(entry.tensor.shape, low: 0.8, high: 1.2, using: &generator))
        }
      }
    }
    calm(detector)
    return detector
  }

  /// Scales a dense head's logits so that scores neither all end at 1 nor are all the same.
  private static func calm(_ detector: Detector) {
    guard case .dense(let head) = detector.headLayers else { return }
    let (width, height) = detector.design.input.padded
    let image = range.normalised(
      images(1, height: height, width: width), [ImageSize(width: width, height: height)])
    detector.store.inferring {
      let logits = head.layers(detector.features(image)).logits
      let spread = logits.map { ($0 * $0).mean().item().squareRoot() }.max() ?? 1
      for entry in detector.store.entries where entry.name.contains("cls_logits") {
        entry.tensor.mul_(1.5 / spread)
      }
    }
  }

  /// Bytes of images with something in them, [N, 3, H, W].
  static func images(_ batch: Int, height: Int, width: Int) -> Tensor {
    var generator = Generator(seed: 5)
    let coarse = Tensor.uniform([batch, 3, 8, 8], low: 0, high: 255, using: &generator)
    let fine = Tensor.uniform([batch, 3, height, width], low: -40, high: 40, using: &generator)
    let blurred = coarse.interpolated(toHeight: height, width: width, mode: .bilinear)
    return (blurred + fine).clamped(min: 0, max: 255).to(.uint8)
  }

  static func sizes(_ batch: Int, height: Int, width: Int) -> [ImageSize] {
    (0..<batch).map { ImageSize(width: width - 7 * $0, height: height - 5 * ($0 + 1)) }
  }

  static func options(_ detector: Detector, batch: Int = 1) -> ExportOptions {
    let padded = detector.design.input.padded
    var options = ExportOptions(width: padded.width, height: padded.height)
    options.batch = batch
    return options
  }

  static func inputs(_ options: ExportOptions) -> (named: [String: Tensor], sizes: [ImageSize]) {
    let (batch, height, width) = (options.batch, options.height, options.width)
    let sizes = sizes(batch, height: height, width: width)
    let numbers = sizes.flatMap { [$0.height, $0.width] }
    return (
      [
        "images": images(batch, height: height, width: width),
        "sizes": Tensor(numbers, shape: [batch, 2]),
      ], sizes
    )
  }

  static func expectEqual(
    _ detector: Detector, batch: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let options = options(detector, batch: batch)
    let (inputs, sizes) = inputs(options)
    let bytes = try #require(inputs["images"])
    var gate = ParityGate(detector, options, range)
    let wanted = gate.compare(bytes, sizes).detector
    #expect(
      wanted.allSatisfy { $0.count >= 3 }, "\(wanted.map(\.count))", sourceLocation: sourceLocation)
    #expect(
      gate.parity.isEqual(within: .float32), "\(gate.parity)", sourceLocation: sourceLocation)
  }
}

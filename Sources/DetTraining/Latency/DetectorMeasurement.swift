import DetBasics
public import DetModel
import DetNN
public import DetSpec
import DetTensor
import Foundation

/// Times a detector with random weights on made-up images: what a design costs on this machine.
///
/// ```swift
/// let measurement = DetectorMeasurement(detector, recipe: recipe)
/// let meter = LatencyMeter(settings: recipe.latency, anchor: try LatencyAnchor(), cache: .user())
/// measurement.latency(meter)?.runs.median  // milliseconds of one image
/// measurement.trainingStep(batch: 4)?.median  // milliseconds of a step
/// ```
public struct DetectorMeasurement {
  private let detector: Detector
  private let recipe: Recipe

  /// Boxes in each image of a step.
  static let boxesPerImage = 8

  /// Measures as long as the recipe's latency settings say.
  public init(_ detector: Detector, recipe: Recipe) {
    self.detector = detector
    self.recipe = recipe
  }

  /// The time from one image to its detections at the full load, post-processing included; nil when a time was not finite.
  public func latency(_ meter: LatencyMeter) -> LatencyReading? {
    let image = images(1)
    return withoutGradient {
      let load = detector.fullLoad(image)
      return meter.reading { _ in _ = detector.detect(image, load: load) }
    }
  }

  /// Milliseconds of a step: losses, gradients, and the optimizer's update of every weight.
  ///
  /// - Parameters:
  ///   - batch: images of a step.
  ///   - runs: steps that are timed, after two that are not.
  /// - Returns: nil when a time was not finite.
  public func trainingStep(batch: Int, runs: Int = 10) -> LatencySummary? {
    let images = images(batch)
    let truths = (0..<batch).map { truth(of: $0) }
    // The rate is tiny, so that random weights on random images stay finite however many steps there are.
    let optimizer = SGD(detector.store, rate: 1e-6, momentum: recipe.momentum)
    detector.store.mode = .training
    let untimed = 2
    let times = (0..<untimed + runs).map { step in
      let start = LatencyMeter.monotonicMilliseconds()
      let generator = Generator(seed: 0).stream("samples", step)
      let total = detector.losses(images, truths: truths, generator: generator).total
      total.backward()
      optimizer.step(clip: 35)
      return LatencyMeter.monotonicMilliseconds() - start
    }
    return LatencySummary(samples: Array(times.dropFirst(untimed)))
  }

  /// The most memory that this process has held so far, in bytes.
  public static var peakMemoryBytes: Int {
    var usage = rusage()
    #if canImport(Darwin)
      let (own, unit) = (RUSAGE_SELF, 1)
    #else
      let (own, unit) = (Int32(RUSAGE_SELF.rawValue), 1024)  // Linux counts in kilobytes.
    #endif
    return getrusage(own, &usage) == 0 ? Int(usage.ru_maxrss) * unit : 0
  }

  private func images(_ count: Int) -> Tensor {
    let size = detector.design.input.padded
    var generator = Generator(seed: 0)
    let images = Tensor.normal([count, 3, size.height, size.width], using: &generator)
    return images.moved(to: detector.store.device)
  }

  private func truth(of image: Int) -> ImageTargets {
    var generator = Generator(seed: 0).stream("boxes", image)
    let size = detector.design.input
    let boxes = (0..<Self.boxesPerImage).map { _ in
      let side = Double(min(size.width, size.height)) * generator.uniform(0.1..<0.4)
      let x = generator.uniform(0..<Double(size.width) - side)
      let y = generator.uniform(0..<Double(size.height) - side)
      return Box(x0: Float(x), y0: Float(y), x1: Float(x + side), y1: Float(y + side))
    }
    return ImageTargets(
      boxes: boxes, labels: boxes.indices.map { $0 % detector.classes })
  }
}

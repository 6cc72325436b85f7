import DetBasics
import DetModel
import DetSpec
public import DetTensor

/// A detector that is the same in every measurement: when its time changes, the machine has changed.
///
/// It has the layers that designs have (convolutions with norms, a pyramid, proposals, pooled regions, a head), fixed
/// weights, one fixed image and the full load, and takes a few milliseconds on a core.
public final class LatencyAnchor {
  /// Other versions take other times: raise it when the anchor or the kernels change.
  static let version = 1

  private static let design = "128x128 | resnet18 16 | fpn P2-P4 32 | rpn | rcnn"
  /// Where it computes.
  public let device: Device
  private let detector: Detector
  private let image: Tensor
  private let load: DetectionLoad

  /// An anchor on a device.
  public init(device: Device = .cpu) throws {
    self.device = device
    let design = try DetectorDesign(text: Self.design)
    detector = try Detector(
      design, classes: 4, recipe: RecipePreset.small.recipe, seed: 0, device: device)
    var generator = Generator(seed: 0).stream("anchor")
    let size = design.input.padded
    image = Tensor.normal([1, 3, size.height, size.width], using: &generator).moved(to: device)
    load = detector.fullLoad(image)
    for _ in 0..<Self.warmupRuns { run() }
  }

  private static let warmupRuns = 5

  /// Detects once in its image.
  func run() { _ = detector.detect(image, load: load) }

  /// What it computes on, in words for people: `AMD EPYC 7B13, 2 threads`, `cuda`. The same on machines that are alike.
  var place: String {
    guard device == .cpu else {
      return String(device.description.prefix { $0 != ":" })
    }
    let threads = Torch.threads
    return
      "\(MachineSensors.processor() ?? "cpu"), \(threads) \(threads == 1 ? "thread" : "threads")"
  }

  /// What tells its times on one machine from those on another: host, processor, device, threads, version.
  var key: String {
    let machine = [MachineSensors.host() ?? "this machine", MachineSensors.processor() ?? ""]
    let work = ["anchor \(Self.version)", device.description, "threads \(Torch.threads)"]
    return (machine + work).joined(separator: " | ")
  }
}

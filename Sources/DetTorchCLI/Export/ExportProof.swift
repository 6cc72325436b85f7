import DetBasics
import DetExport
import DetModel
import DetSpec
import DetTensor
import DetTraining
import Foundation

/// Everything that is found out about an export before it is kept.
struct ExportProof {
  /// One way to run the detector, and how it did.
  struct Row: Encodable {
    /// `smnas`, or a library with its version.
    let format: String
    /// On the images with truth; nil without any.
    let AP: Double?
    /// Median of a batch.
    let milliseconds: Double
    /// How it compares with the detector; nil for the detector.
    let equality: String?
  }

  /// How far AP may be off, for layers of either precision.
  static func tolerance(_ precision: ExportOptions.Precision) -> Double {
    switch precision {
    case .float32: 1e-4
    case .float16: 1e-3
    }
  }

  private let images: GateImages
  private let options: ExportOptions
  private let detector: Detector
  private let range: PixelRange
  private let validation: Validation?
  /// The gate, which both have passed.
  private(set) var gate: ParityGate
  /// The detector, the graph, and what ran the file.
  private(set) var rows: [Row] = []
  private var wanted: [[Detection]] = []

  /// Records the graph; nothing is proven yet.
  init(
    _ detector: Detector, _ options: ExportOptions, _ range: PixelRange, _ images: GateImages
  ) throws {
    self.detector = detector
    self.options = options
    self.range = range
    self.images = images
    gate = ParityGate(detector, options, range)
    validation =
      images.hasTruth
      ? try Validation(
        dataset: images.dataset, input: detector.design.input,
        detectionsPerImage: detector.recipe.detection.detectionsPerImage) : nil
  }

  /// Runs the detector and the graph on all images, and fails where they differ.
  mutating func prove() throws {
    var found: [[Detection]] = []
    var times: [Double] = []
    var gate = gate
    try images.forEachBatch(of: options.batch) { own, bytes, sizes in
      let both = gate.compare(bytes, sizes, counted: own.count)
      wanted += zip(own, both.detector).map { $0.original($1) }
      found += zip(own, both.graph).map { $0.original($1) }
      let normalised = range.normalised(bytes, sizes)
      times.append(Self.milliseconds { _ = detector.detect(normalised, sizes: sizes) })
    }
    self.gate = gate
    try gate.check()
    let (right, own) = (try accuracy(wanted), try accuracy(found))
    rows = [
      Row(format: "smnas", AP: right, milliseconds: Self.median(times), equality: nil)
    ]
    if let right, let own, abs(right - own) > Self.tolerance(options.precision) {
      throw ExportError.differs(
        "its AP is \(own.fixed(5)), the detector's \(right.fixed(5)), on \(gate.images) images")
    }
  }

  /// Runs the file in a library, and fails where it differs.
  mutating func verify(
    _ library: PythonRun.Library, python: String, file: String, threads: Int
  ) throws {
    let run = try PythonRun(
      library, python: python, file: file, of: gate.graph, threads: threads)
    defer { run.finish() }
    var parity = Parity()
    var found: [[Detection]] = []
    var times: [Double] = []
    try images.forEachBatch(of: options.batch) { own, bytes, sizes in
      let normalised = range.normalised(bytes, sizes)
      let answer = try run(options.inputs(bytes, normalised, sizes))
      times.append(answer.milliseconds)
      let right = zip(own, wanted[found.count...]).map { image, detections in
        detections.map { $0.scaled(x: image.scaleX, y: image.scaleY) }
      }
      let detections = gate.add(
        answer.outputs, of: normalised, sizes, wanted: right, to: &parity)
      found += zip(own, detections).map { $0.original($1) }
    }
    let name = "\(library.rawValue) \(run.version)"
    guard parity.isEqual(within: gate.bounds) else {
      throw ExportError.differs("\(name): \(parity.words(images: gate.images))")
    }
    let (right, own) = (rows.first?.AP, try accuracy(found))
    if let right, let own, abs(right - own) > Self.tolerance(options.precision) {
      throw ExportError.differs(
        "in \(name) its AP is \(own.fixed(5)), the detector's \(right.fixed(5))")
    }
    rows.append(
      Row(
        format: name, AP: own, milliseconds: Self.median(times),
        equality: parity.words(images: gate.images)))
  }

  private func accuracy(_ detections: [[Detection]]) throws -> Double? {
    try validation?.metrics(of: detections)["AP"]
  }

  private static func median(_ times: [Double]) -> Double {
    times.sorted().quantile(0.5)
  }

  private static func milliseconds(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    let time = clock.measure(body)
    return Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1000
  }
}

extension GateImages.Image {
  /// Detections in pixels of the data set's image.
  fileprivate func original(_ found: [Detection]) -> [Detection] {
    found.map { $0.scaled(x: 1 / scaleX, y: 1 / scaleY) }
  }
}

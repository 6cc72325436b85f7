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

  /// How far AP may be off unless somebody says otherwise.
  static let usualTolerance = 1e-4

  private let images: GateImages
  private let options: ExportOptions
  private let range: PixelRange
  private let validation: Validation?
  private let tolerance: Double
  /// The gate, which both have passed.
  private(set) var gate: ParityGate
  /// The detector, the graph, and what ran the file.
  private(set) var rows: [Row] = []
  private var wanted: [[Detection]] = []

  /// Records the graph; nothing is proven yet.
  init(
    _ detector: Detector, _ options: ExportOptions, _ range: PixelRange, _ images: GateImages,
    tolerance: Double
  ) throws {
    self.options = options
    self.range = range
    self.images = images
    self.tolerance = tolerance
    gate = ParityGate(detector, options, range)
    let each = detector.recipe.detection.detectionsPerImage
    validation =
      images.hasTruth
      ? try Validation(
        dataset: images.dataset, input: detector.design.input,
        detectionsPerImage: options.joinsTiles ? options.batch * each : each) : nil
  }

  /// Runs the detector and the graph on all images, and fails where they differ.
  mutating func prove() throws {
    var found: [[Detection]] = []
    var times: [Double] = []
    var gate = gate
    try images.forEachBatch { batch in
      let both = gate.compare(
        batch.bytes, batch.sizes, counted: batch.images.count, layout: batch.layout)
      wanted += batch.original(both.detector)
      found += batch.original(both.graph)
      let normalised = range.normalised(batch.bytes, batch.sizes)
      let own = gate
      times.append(
        Self.milliseconds { _ = own.detect(normalised, batch.sizes, batch.layout) })
    }
    self.gate = gate
    try gate.check()
    let (right, own) = (try accuracy(wanted), try accuracy(found))
    rows = [
      Row(format: "smnas", AP: right, milliseconds: Self.median(times), equality: nil)
    ]
    try compare("its AP", own, right)
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
    try images.forEachBatch { batch in
      let normalised = range.normalised(batch.bytes, batch.sizes)
      let answer = try run(options.inputs(batch.bytes, normalised, batch.sizes, batch.layout))
      times.append(answer.milliseconds)
      let count = batch.layout == nil ? batch.images.count : 1
      let right = batch.fitted(Array(wanted[found.count..<found.count + count]))
      found += batch.original(
        gate.add(answer.outputs, of: normalised, batch.sizes, wanted: right, to: &parity))
    }
    let name = "\(library.rawValue) \(run.version)"
    guard parity.isEqual(within: gate.bounds) else {
      throw ExportError.differs("\(name): \(parity.words(images: gate.images))")
    }
    let own = try accuracy(found)
    try compare("in \(name) its AP", own, rows.first?.AP)
    rows.append(
      Row(
        format: name, AP: own, milliseconds: Self.median(times),
        equality: parity.words(images: gate.images)))
  }

  private func compare(_ whose: String, _ own: Double?, _ right: Double?) throws {
    guard let own, let right, abs(right - own) > tolerance else { return }
    throw ExportError.accuracy(
      "\(whose) is \(own.fixed(5)), the detector's \(right.fixed(5)), on \(gate.images) images",
      apart: abs(right - own), tolerance: tolerance)
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

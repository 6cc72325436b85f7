import DetBasics
import DetCommand
import DetData
import DetExport
import DetModel
import DetNN
import DetSpec
import DetTensor
import DetTraining
import Foundation

/// `smnas export CHECKPOINT`: a trained detector as a file that runs elsewhere, proven equal before it is kept.
enum ExportVerb: TensorVerb {
  static let word = TorchVerb.export
  static let checkpoint = Argument<String>(
    "CHECKPOINT", "weights of smnas train or of a trial, or a run's trial as in runs/mine:C0")
  static let output = RequiredOption<String>(
    "--output", "DIR", "the folder for detector.onnx and export.json")
  static let format = DefaultOption<Format>(
    "--format", "FORMAT",
    "onnx, or torchvision: detector.pth under its names with detector.py that loads it",
    default: .onnx)
  static let precision = DefaultOption<ExportOptions.Precision>(
    "--precision", "KIND", "what layers compute in: float32 or float16", default: .float32)
  static let pixels = DefaultOption<ExportOptions.Pixels>(
    "--pixels", "KIND",
    "what goes in: uint8, normalised in the file, or float32, normalised before", default: .uint8)
  static let batch = DefaultOption<Count>("--batch", "N", "images at once", default: Count(1))
  /// The most images that a file may take at once: the graph is run with as many to prove it.
  private static let mostImages = 256
  static let tiles = Option<Count>(
    "--tiles", "N",
    "the tiles of an image at once, N at most; what is found in them is put together in the file")
  static let portrait = Flag(
    "--portrait", "for images that are taller than wide; else for those that are wider")
  static let raw = Flag(
    "--without-suppression",
    "boxes and scores of all anchors or regions, for devices that have no operator for suppression")
  static let verify = Flag(
    "--verify", "also run the file in onnxruntime and OpenVINO, where Python has them")
  static let python = Option<String>(
    "--python", "PROGRAM", "the Python of --verify and of torchvision (default: python3)")
  static let plan = Option<String>(
    "--plan", "PLAN", "prove on the plan's validation set instead of that of the training")
  static let images = Option<String>(
    "--images", "PATH", "prove on an image, or a folder of images, without truth")
  static let most = DefaultOption<Count>(
    "--check", "N", "images to prove it on at most, evenly spread", default: Count(200))
  static let tolerance = DefaultOption<Share>(
    "--tolerance", "AP", "how far its AP may be from the detector's",
    default: Share(ExportProof.usualTolerance))
  static let licence = Option<String>(
    "--licence", "TEXT", "the licence of the weights, which the file then states")
  static let threads = Option<ThreadCount>("--threads", "N", "threads (default: one per core)")
  static let syntax = Syntax(
    checkpoint, output, format, precision, pixels, batch, tiles, portrait, raw, verify, python,
    plan,
    images, most, tolerance, licence, threads, Flag.json)
  static let discussion = """
    The file is ONNX, opset 17, without operators of our own, from pixels to boxes at a fixed size: the design's, its long side \
    across unless --portrait is given. Its inputs, outputs, classes and origin stand in its metadata.

    Nothing is written unless the graph finds on real images what the detector finds (boxes to 0.05 pixels and scores to 2e-4, \
    with float16 to 0.25 pixels and 0.005, but for 2 boxes in 100; behind proposals, whose own ties nobody sees, 1 box in 100 more), and the AP is the same to 1e-4; in 16 bits it often is a little further off, and is taken with a larger --tolerance. The images are those of the \
    training's validation set, which job.json beside the weights names, of --plan, or of --images. With --verify the written file \
    must pass the same test in every library that Python has.

    A detector that was trained on tiles sees tiles. With --tiles the file takes those of one image, and where they lie in it, and says what is in the image.

    --format torchvision writes the weights of designs that torchvision has classes for (Faster R-CNN and RetinaNet on ResNets with a \
    pyramid) as torch.save does, and a program that makes its model and loads them; it is run there before it is kept, so that --python \
    must have torch and torchvision.

    smnas export runs/trees:E0 --output exported --verify
    """

  /// What is written.
  enum Format: String, ArgumentChoice, CustomStringConvertible {
    case onnx, torchvision

    var description: String { rawValue }

    /// The names of the files, the one that holds the detector first.
    var files: [String] {
      switch self {
      case .onnx: ["detector.onnx"]
      case .torchvision: ["detector.pth", "detector.py"]
      }
    }
  }

  private struct Answer: Encodable {
    let version = 1
    let format: String
    let file: String
    let design: DetectorDesign
    let classes: [String]
    let precision: String
    let pixels: String
    let batch: Int
    let joinsTiles: Bool
    let width: Int
    let height: Int
    let suppression: Bool
    let bytes: Int
    let images: Int
    let boxes: Int
    let ties: Int
    let worstPixels: Double
    let worstScore: Double
    let formats: [ExportProof.Row]
    let notes: [String]
  }

  static let summaryName = "export.json"

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    guard arguments[plan] == nil || arguments[images] == nil else {
      throw UsageError.rule("--plan and --images both name the images to prove it on; give one")
    }
    for option in [("--batch", arguments[batch].value), ("--tiles", arguments[tiles]?.value ?? 1)]
    where option.1 > mostImages {
      throw UsageError.rule(
        "\(option.0) is \(option.1); use 1 to \(mostImages) images at once")
    }
    guard arguments[python] == nil || arguments[verify] || arguments[format] == .torchvision else {
      throw UsageError.rule(
        "--python names what --verify runs the file in; add --verify, or leave --python out")
    }
    Torch.flushDenormals()
    Interruption.outliveClosedPipes()
    let threads = arguments[threads]?.value ?? ProcessInfo.processInfo.activeProcessorCount
    Torch.threads = threads
    guard arguments[tiles] == nil || (arguments[batch].value == 1 && !arguments[raw]) else {
      throw UsageError.rule(
        "--tiles says how many images the file takes at once, and puts together what suppression leaves; leave --batch and "
          + "--without-suppression out")
    }
    let isOfONNX =
      arguments[tiles] != nil || arguments[raw] || arguments[pixels] != .uint8
      || arguments[precision] != .float32
    guard arguments[format] == .onnx || !isOfONNX else {
      throw UsageError.rule(
        "--precision, --pixels, --tiles and --without-suppression are for files of ONNX; leave them out with --format torchvision"
      )
    }
    let (checkpoint, detector) = try Checkpoint.detector(
      arguments[checkpoint], precision: .float32)
    var options = options(arguments, checkpoint)
    if options.joinsTiles { try checkTiles(arguments, checkpoint) }
    let folder = try OutputFolder(arguments[output])
    let format = arguments[format]
    for name in format.files + [summaryName] {
      try NewFile(folder.file(name), option: "--output").check()
    }
    let settings =
      format == .torchvision
      ? try TorchvisionSettings(detector, classes: checkpoint.classes) : nil
    let verification = try verification(arguments)
    let source = try GateImages.dataset(
      files: arguments[images], plan: arguments[plan], weights: arguments[self.checkpoint],
      checkpoint, whole: options.joinsTiles)
    let gate = try GateImages(
      source.dataset, hasTruth: source.hasTruth, input: checkpoint.design.input.landscape, options,
      tiling: options.joinsTiles ? checkpoint.tiles : nil, most: arguments[most].value)
    let range = PixelRange(
      scale: Normalisation.imageNet.scale, bias: Normalisation.imageNet.bias)
    if options.joinsTiles { options.mostPieces = try pieces(detector, range, gate) }
    var proof = try ExportProof(
      detector, options, range, gate, tolerance: arguments[tolerance].value)
    try proof.prove()
    context.log(
      "the graph equals the detector: \(proof.gate.parity.words(images: proof.gate.images))")
    var notes = verification?.notes ?? []
    let contents: [Data]
    if let settings {
      contents = [
        TorchFile.data(detector.store.state), Data(try TorchvisionScript.text(settings).utf8),
      ]
    } else {
      let metadata = ExportMetadata(
        checkpoint: checkpoint, options: options, range: range, licence: arguments[licence],
        graph: proof.gate.graph,
        accuracy: proof.rows.first?.AP.map { ($0, proof.gate.images) })
      contents = [
        try ONNXModel(
          proof.gate.graph, metadata: metadata.entries(),
          producer: (Program.name, Program.version)
        ).data()
      ]
      notes += proof.gate.graph.limits + proof.gate.unsettledNote
    }
    let files = zip(format.files, contents).map { (name: $0, data: $1) }
    try verification?.run(
      files, asFolder: format == .torchvision, &proof, threads: threads, context)
    let parity = proof.gate.parity
    let answer = Answer(
      format: format.rawValue, file: folder.file(format.files[0]), design: checkpoint.design,
      classes: checkpoint.classes,
      precision: options.precision.rawValue, pixels: options.pixels.rawValue,
      batch: options.batch, joinsTiles: options.joinsTiles, width: options.width,
      height: options.height,
      suppression: options.suppresses, bytes: files[0].data.count, images: proof.gate.images,
      boxes: parity.compared, ties: parity.ties, worstPixels: parity.worstPixels,
      worstScore: parity.worstScore, formats: proof.rows, notes: notes)
    let summary = Data((try JSON.text(answer, pretty: true) + "\n").utf8)
    try write(files + [(summaryName, summary)], folder)
    record(answer, besides: arguments[self.checkpoint], context)
    if arguments[Flag.json] { try context.output.json(answer) } else { try tell(answer, context) }
    return .done
  }

  private static func options(_ arguments: Arguments, _ checkpoint: Checkpoint) -> ExportOptions {
    let padded = checkpoint.design.input.landscape.padded
    var options =
      arguments[portrait]
      ? ExportOptions(width: padded.height, height: padded.width)
      : ExportOptions(width: padded.width, height: padded.height)
    options.pixels = arguments[pixels]
    options.precision = arguments[precision]
    options.batch = arguments[tiles]?.value ?? arguments[batch].value
    options.joinsTiles = arguments[tiles] != nil
    options.suppresses = !arguments[raw]
    return options
  }

  /// Refuses to join tiles where there are none.
  private static func checkTiles(_ arguments: Arguments, _ checkpoint: Checkpoint) throws {
    guard checkpoint.tiles != nil else {
      throw FileError(
        path: arguments[self.checkpoint], problem: "holds a detector that sees images whole",
        cure: "leave --tiles out; --batch takes several images at once")
    }
  }

  /// The room for detections that a file which joins tiles needs: half as much again as the fullest image has.
  private static func pieces(
    _ detector: Detector, _ range: PixelRange, _ images: GateImages
  ) throws -> Int {
    var fullest = 0
    try images.forEachBatch { batch in
      let found = detector.detect(
        range.normalised(batch.bytes, batch.sizes), sizes: batch.sizes)
      fullest = max(fullest, found.prefix(batch.images.count).map(\.count).reduce(0, +))
    }
    guard fullest <= GraphTileMerging.mostPieces else {
      throw FileError(
        path: images.dataset.name,
        problem: "has an image with \(fullest) detections in its tiles, and a file puts at most "
          + "\(GraphTileMerging.mostPieces) together",
        cure: "leave --tiles out, and put tiles together as Examples/onnx/tiles.py does")
    }
    return min(GraphTileMerging.mostPieces, max(64, fullest * 3 / 2))
  }

  /// Writes all files, or none.
  private static func write(_ files: [(name: String, data: Data)], _ folder: OutputFolder) throws {
    var written: [String] = []
    do {
      for (name, data) in files {
        try NewFile(folder.file(name), option: "--output").write(data)
        written.append(name)
      }
    } catch {
      // Files of this call, which nobody has been told of.
      for name in written { unlink(folder.file(name)) }
      throw error
    }
  }

  /// Tells the trial, or the training, of which the weights are, so that pages of the run lead to the file.
  private static func record(_ answer: Answer, besides weights: String, _ context: Context) {
    let trial = TrialFolder(FilePath.folder(of: weights))
    guard FileManager.default.fileExists(atPath: trial.job) else { return }
    let record = ExportRecord(
      file: FilePath.absolute(answer.file), format: answer.format, precision: answer.precision,
      suppression: answer.suppression, batch: answer.batch,
      joinsTiles: answer.joinsTiles, width: answer.width, height: answer.height,
      bytes: answer.bytes, images: answer.images,
      AP: answer.formats.first?.AP, verified: answer.formats.dropFirst().map(\.format))
    do {
      try JSONLinesWriter(appendingTo: trial.exports).append(record)
    } catch {
      // The export is done and stands by itself; a run of somebody else's may be one that can only be read.
      context.log("note: the report of the run will not lead to the file: \(error)")
    }
  }

  /// What the files are run in; nil where that was not asked for. torchvision's are run in any case.
  private static func verification(_ arguments: Arguments) throws -> Verification? {
    let python = arguments[python] ?? "python3"
    switch arguments[format] {
    case .onnx:
      guard arguments[verify] else { return nil }
      return try Verification(
        PythonRun.Library.ofONNX, python: python, cure: "leave --verify out")
    case .torchvision:
      return try Verification([.torchvision], python: python, cure: "write --format onnx")
    }
  }

  private static func tell(_ answer: Answer, _ context: Context) throws {
    var table = TextTable(["format", "AP", "ms", "against the detector"])
    for row in answer.formats {
      table.add([
        row.format, row.AP?.fixed(4) ?? "-", row.milliseconds.fixed(1), row.equality ?? "itself",
      ])
    }
    try context.output.line(table.text)
    for note in answer.notes { context.log("note: \(note)") }
    try context.output.line(
      "\(answer.file.oneLine): \(Metric.Unit.bytes.text(Double(answer.bytes))), \(answer.width)x\(answer.height), "
        + "\(answer.precision)")
  }
}

extension ExportOptions.Precision: ArgumentChoice {}
extension ExportOptions.Pixels: ArgumentChoice {}

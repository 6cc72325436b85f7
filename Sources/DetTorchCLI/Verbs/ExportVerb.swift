import DetBasics
import DetCommand
import DetData
import DetExport
import DetModel
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
  static let precision = DefaultOption<ExportOptions.Precision>(
    "--precision", "KIND", "what layers compute in: float32 or float16", default: .float32)
  static let pixels = DefaultOption<ExportOptions.Pixels>(
    "--pixels", "KIND",
    "what goes in: uint8, normalised in the file, or float32, normalised before", default: .uint8)
  static let batch = DefaultOption<Count>("--batch", "N", "images at once", default: Count(1))
  static let portrait = Flag(
    "--portrait", "for images that are taller than wide; else for those that are wider")
  static let raw = Flag(
    "--without-suppression",
    "boxes and scores of all anchors, for devices that cannot suppress; one-stage designs only")
  static let verify = Flag(
    "--verify", "also run the file in onnxruntime and OpenVINO, where Python has them")
  static let python = DefaultOption<String>(
    "--python", "PROGRAM", "the Python of --verify", default: "python3")
  static let plan = Option<String>(
    "--plan", "PLAN", "prove on the plan's validation set instead of that of the training")
  static let images = Option<String>(
    "--images", "PATH", "prove on an image, or a folder of images, without truth")
  static let most = DefaultOption<Count>(
    "--check", "N", "images to prove it on at most, evenly spread", default: Count(200))
  static let licence = Option<String>(
    "--licence", "TEXT", "the licence of the weights, which the file then states")
  static let threads = Option<ThreadCount>("--threads", "N", "threads (default: one per core)")
  static let syntax = Syntax(
    checkpoint, output, precision, pixels, batch, portrait, raw, verify, python, plan, images,
    most, licence, threads, Flag.json)
  static let discussion = """
    The file is ONNX, opset 17, without operators of our own, from pixels to boxes at a fixed size: the design's, its long side \
    across unless --portrait is given. Its inputs, outputs, classes and origin stand in its metadata.

    Nothing is written unless the graph finds on real images what the detector finds (boxes to 0.05 pixels and scores to 1e-4, \
    with float16 to 2 pixels and 0.02, but for 3 boxes in 100), and the AP is the same to 1e-4 (with float16 to 0.005). The images are those of the \
    training's validation set, which job.json beside the weights names, of --plan, or of --images. With --verify the written file \
    must pass the same test in every library that Python has.

    smnas export runs/trees:E0 --output exported --verify
    """

  private struct Answer: Encodable {
    let version = 1
    let file: String
    let design: DetectorDesign
    let classes: [String]
    let precision: String
    let pixels: String
    let batch: Int
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

  static let fileName = "detector.onnx"
  static let summaryName = "export.json"

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    guard arguments[plan] == nil || arguments[images] == nil else {
      throw UsageError.rule("--plan and --images both name the images to prove it on; give one")
    }
    Torch.flushDenormals()
    Interruption.outliveClosedPipes()
    let threads = arguments[threads]?.value ?? ProcessInfo.processInfo.activeProcessorCount
    Torch.threads = threads
    let (checkpoint, detector) = try Checkpoint.detector(
      arguments[checkpoint], precision: .float32)
    let options = options(arguments, checkpoint)
    let folder = try OutputFolder(arguments[output])
    for name in [fileName, summaryName] {
      try NewFile(folder.file(name), option: "--output").check()
    }
    let source = try GateImages.dataset(
      files: arguments[images], plan: arguments[plan], weights: arguments[self.checkpoint],
      checkpoint)
    let gate = try GateImages(
      source.dataset, hasTruth: source.hasTruth, input: checkpoint.design.input,
      canvas: PixelSize(width: options.width, height: options.height),
      most: arguments[most].value)
    let range = PixelRange(
      scale: Normalisation.imageNet.scale, bias: Normalisation.imageNet.bias)
    var proof = try ExportProof(detector, options, range, gate)
    try proof.prove()
    context.log(
      "the graph equals the detector: \(proof.gate.parity.words(images: proof.gate.images))")
    let metadata = ExportMetadata(
      checkpoint: checkpoint, options: options, range: range, licence: arguments[licence],
      accuracy: proof.rows.first?.AP.map { ($0, proof.gate.images) })
    let data = try ONNXModel(
      proof.gate.graph, metadata: metadata.entries(), producer: (Program.name, Program.version)
    ).data()
    var notes = proof.gate.graph.limits
    if arguments[verify] {
      notes += try verify(data, &proof, python: arguments[python], threads: threads, context)
    }
    let parity = proof.gate.parity
    let answer = Answer(
      file: folder.file(fileName), design: checkpoint.design, classes: checkpoint.classes,
      precision: options.precision.rawValue, pixels: options.pixels.rawValue,
      batch: options.batch, width: options.width, height: options.height,
      suppression: options.suppresses, bytes: data.count, images: proof.gate.images,
      boxes: parity.compared, ties: parity.ties, worstPixels: parity.worstPixels,
      worstScore: parity.worstScore, formats: proof.rows, notes: notes)
    try NewFile(folder.file(fileName), option: "--output").write(data)
    try NewFile(folder.file(summaryName), option: "--output").write(
      JSON.text(answer, pretty: true) + "\n")
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
    options.batch = arguments[batch].value
    options.suppresses = !arguments[raw]
    return options
  }

  /// Runs the bytes of the file, which has no name yet, in every library that is there; what is to be noted.
  private static func verify(
    _ data: Data, _ proof: inout ExportProof, python: String, threads: Int, _ context: Context
  ) throws -> [String] {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("smnas-export-\(UUID().uuidString).onnx").path
    defer { unlink(place) }
    try AtomicFile.write(data, to: place, replaces: false)
    var notes: [String] = []
    for library in PythonRun.Library.allCases {
      let isThere = try proof.verify(library, python: python, file: place, threads: threads)
      if !isThere {
        notes.append("\(python) has no \(library.rawValue): not verified there")
      } else if let row = proof.rows.last {
        context.log("\(row.format) equals the detector: \(row.equality ?? "")")
      }
    }
    guard notes.count < PythonRun.Library.allCases.count else {
      throw FileError(
        path: python,
        problem: "has neither onnxruntime nor openvino, by one of which --verify is done",
        cure: "pip install onnxruntime, name another Python by --python, or leave --verify out")
    }
    return notes
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

import DetBasics
import DetCommand
import DetData
import DetModel
import DetSearch
import DetSpec
import DetTask
import DetTensor
import DetTraining
import Foundation

/// The real images that an export is proven on.
struct GateImages {
  /// The images, with their truth where there is one.
  let dataset: Dataset
  /// Whether the boxes in it are the truth.
  let hasTruth: Bool
  private let loader: Loader
  private let canvas: PixelSize

  /// An image as it goes into a graph.
  struct Image {
    /// Its place in ``GateImages/dataset``.
    let sample: Int
    let bytes: Tensor  // [3, H, W] uint8
    let size: ImageSize
    let scaleX: Double
    let scaleY: Double
  }

  /// Images for a canvas; at most so many, evenly spread.
  init(_ dataset: Dataset, hasTruth: Bool, input: InputSize, canvas: PixelSize, most: Int) throws {
    var own = dataset
    // An image goes the way of its long side; those of the other way have another file.
    let isSquare = canvas.width == canvas.height
    own.samples = dataset.samples.filter {
      isSquare || ($0.width >= $0.height) == (canvas.width > canvas.height)
    }
    guard !own.samples.isEmpty else {
      throw FileError(
        path: dataset.name, problem: "has no image that lies as the file's \(canvas) do",
        cure: canvas.width > canvas.height
          ? "add --portrait, or give other images" : "leave --portrait out, or give other images")
    }
    let count = own.samples.count
    if count > most { own.samples = (0..<most).map { own.samples[$0 * count / most] } }
    self.dataset = own
    self.hasTruth = hasTruth
    self.canvas = canvas
    var configuration = LoaderConfiguration(
      input: PixelSize(width: input.width, height: input.height), batchSize: 1)
    configuration.padding = .toInput
    configuration.normalisation = .unit
    loader = Loader(dataset: own, configuration: configuration, threads: 1)
  }

  /// Looks at every image, in order.
  func forEach(_ body: (Image) throws -> Void) throws {
    let batches = loader.batches()
    var sample = 0
    while let batch = try batches.next() {
      let numbers = batch.withPixels { pixels in
        Tensor.copying(
          bytes: UnsafeRawBufferPointer(pixels), shape: [3, batch.height, batch.width],
          dtype: .float32)
      }
      precondition(
        batch.width == canvas.width && batch.height == canvas.height,
        "an image was brought to \(batch.width)x\(batch.height), not \(canvas)")
      let image = batch.images[0]
      try body(
        Image(
          sample: sample, bytes: (numbers * 255 + 0.5).floor().to(.uint8),
          size: ImageSize(width: image.resized.width, height: image.resized.height),
          scaleX: image.scaleX, scaleY: image.scaleY))
      sample += 1
    }
  }

  /// Looks at the images in batches; the last one is filled up with its own last image.
  func forEachBatch(
    of count: Int, _ body: (_ images: [Image], _ bytes: Tensor, _ sizes: [ImageSize]) throws -> Void
  ) throws {
    var waiting: [Image] = []
    func pass() throws {
      guard let last = waiting.last else { return }
      let all = waiting + Array(repeating: last, count: count - waiting.count)
      try body(waiting, Tensor.stacked(all.map(\.bytes)), all.map(\.size))
      waiting = []
    }
    try forEach { image in
      waiting.append(image)
      if waiting.count == count { try pass() }
    }
    try pass()
  }
}

extension GateImages {
  /// Where images come from, in this order: files that were named, a plan's validation set, that of the job beside the weights.
  static func dataset(
    files: String?, plan: String?, weights: String, _ checkpoint: Checkpoint
  ) throws -> (dataset: Dataset, hasTruth: Bool) {
    if let files { return (try images(files, checkpoint), false) }
    if let plan {
      let file = try PlanFile(plan).plan
      return (try validation(file.data, source: plan, checkpoint), true)
    }
    let job = TrialFolder(FilePath.folder(of: weights)).job
    guard FileManager.default.fileExists(atPath: job) else {
      throw FileError(
        path: weights,
        problem:
          "has no job.json beside it, which would say on which images the export is to be proven",
        cure: "give --plan PLAN, whose validation set is taken, or --images, a folder of images")
    }
    let described = try JSON.decode(TrialJob.self, file: job)
    do {
      return (try validation(described.data, source: job, checkpoint), true)
    } catch let error as any SurroundingsError {
      throw FileError(
        path: job, problem: "names a validation set that cannot be read here (\(error))",
        cure: "start smnas where the training was started, or give --plan PLAN or --images FOLDER")
    }
  }

  private static func validation(
    _ data: JSONValue, source: String, _ checkpoint: Checkpoint
  ) throws -> Dataset {
    let sources = try TrainingSets.Description(data, source: source)
    let dataset = try Dataset.load(sources.validation)
    guard dataset.categories.map(\.name) == checkpoint.classes else {
      throw FileError(
        path: source,
        problem:
          "has the classes \(dataset.categories.map(\.name).joined(separator: ", ")), but the weights know "
          + checkpoint.classes.joined(separator: ", "),
        cure: "name the data that the weights were trained for, or give --images FOLDER")
    }
    return dataset
  }

  private static func images(_ path: String, _ checkpoint: Checkpoint) throws -> Dataset {
    let isFolder = Files.isFolder(path)
    let names =
      isFolder ? try FileManager.default.contentsOfDirectory(atPath: path).sorted() : [path]
    let files = names.map { isFolder ? FilePath.join(path, $0) : $0 }
      .filter {
        !isFolder || ImageFile.endings.contains(URL(fileURLWithPath: $0).pathExtension.lowercased())
      }
    guard !files.isEmpty else {
      throw FileError(
        path: path, problem: "holds no .jpg, .jpeg or .png", cure: "name a folder of images")
    }
    let samples = try files.enumerated().map { index, file in
      Sample(
        imageID: Int64(index) + 1, content: .file(file), imageSize: try ImageFile.size(file))
    }
    let categories = zip(checkpoint.categoryIDs, checkpoint.classes).map {
      Category(id: $0, name: $1)
    }
    let whole = Dataset(name: path, categories: categories, samples: samples)
    return checkpoint.tiles.map { whole.tiled($0) } ?? whole
  }
}

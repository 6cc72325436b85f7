import DetBasics
import DetCommand
import DetData
import DetExport
import DetModel
import DetSearch
import DetSpec
import DetTask
import DetTensor
import DetTraining
import Foundation

/// The real images that an export is proven on.
struct GateImages {
  /// The images, with their truth where there is one; whole ones where their tiles are joined.
  let dataset: Dataset
  /// Whether the boxes in it are the truth.
  let hasTruth: Bool
  private let loader: Loader
  private let canvas: PixelSize
  /// What goes into a graph at once: images, or the tiles of one.
  private let groups: [Range<Int>]
  private let count: Int
  private let joinsTiles: Bool

  /// An image as it goes into a graph.
  struct Image {
    let bytes: Tensor  // [3, H, W] uint8
    let size: ImageSize
    let scaleX: Double
    let scaleY: Double
  }

  /// What goes into a graph at once.
  struct Batch {
    /// Those that count.
    let images: [Image]
    /// With those that fill the batch, [N, 3, H, W] uint8.
    let bytes: Tensor
    let sizes: [ImageSize]
    /// Where they lie in an image of which they are the tiles.
    let layout: TileLayout?

    /// Detections in pixels of the data set's images.
    func original(_ found: [[Detection]]) -> [[Detection]] {
      guard layout == nil else { return found }
      return zip(images, found).map { image, own in
        own.map { $0.scaled(x: 1 / image.scaleX, y: 1 / image.scaleY) }
      }
    }

    /// Detections in pixels of the graph's images.
    func fitted(_ found: [[Detection]]) -> [[Detection]] {
      guard layout == nil else { return found }
      return zip(images, found).map { image, own in
        own.map { $0.scaled(x: image.scaleX, y: image.scaleY) }
      }
    }
  }

  /// Images for a graph of these options; at most so many, evenly spread. With `tiling` images are cut and their tiles joined.
  init(
    _ dataset: Dataset, hasTruth: Bool, input: InputSize, _ options: ExportOptions,
    tiling: Tiling? = nil, most: Int
  ) throws {
    let canvas = PixelSize(width: options.width, height: options.height)
    func parts(_ sample: Sample) -> [PixelSize] {
      guard let tiling else { return [sample.size] }
      return tiling.regions(of: sample.size).map {
        PixelSize(width: $0.width, height: $0.height)
      }
    }
    var own = dataset
    // An image goes the way of its long side; those of the other way have another file.
    let isSquare = canvas.width == canvas.height
    own.samples = dataset.samples.filter { sample in
      isSquare
        || parts(sample).allSatisfy {
          ($0.width >= $0.height) == (canvas.width > canvas.height)
        }
    }
    guard !own.samples.isEmpty else {
      throw FileError(
        path: dataset.name, problem: "has no image that lies as the file's \(canvas) do",
        cure: canvas.width > canvas.height
          ? "add --portrait, or give other images" : "leave --portrait out, or give other images")
    }
    if tiling != nil, let tiles = own.samples.map({ parts($0).count }).max(), tiles > options.batch
    {
      throw FileError(
        path: dataset.name, problem: "has an image of \(tiles) tiles, more than \(options.batch)",
        cure: "give --tiles \(tiles), or other images")
    }
    let count = own.samples.count
    if count > most { own.samples = (0..<most).map { own.samples[$0 * count / most] } }
    self.dataset = own
    self.hasTruth = hasTruth
    self.canvas = canvas
    self.count = options.batch
    joinsTiles = tiling != nil
    let seen = tiling.map { own.tiled($0) } ?? own
    groups =
      tiling == nil
      ? stride(from: 0, to: seen.samples.count, by: options.batch).map {
        $0..<min($0 + options.batch, seen.samples.count)
      }
      : own.samples.reduce(into: []) { groups, sample in
        let start = groups.last?.upperBound ?? 0
        groups.append(start..<start + parts(sample).count)
      }
    var configuration = LoaderConfiguration(
      input: PixelSize(width: input.width, height: input.height), batchSize: 1)
    configuration.padding = .toInput
    configuration.normalisation = .unit
    loader = Loader(dataset: seen, configuration: configuration, threads: 1)
  }

  /// Looks at all images, in order, as many at once as the graph takes; the last ones are filled up with their own last image.
  func forEachBatch(_ body: (Batch) throws -> Void) throws {
    let batches = loader.batches()
    for (index, group) in groups.enumerated() {
      var images: [Image] = []
      while images.count < group.count, let batch = try batches.next() {
        images.append(image(batch))
      }
      guard let last = images.last else { return }
      let all = images + Array(repeating: last, count: count - images.count)
      let layout =
        joinsTiles
        ? TileLayout(of: loader.dataset.samples[group], in: dataset.samples[index]) : nil
      try body(
        Batch(
          images: images, bytes: Tensor.stacked(all.map(\.bytes)), sizes: all.map(\.size),
          layout: layout))
    }
  }

  private func image(_ batch: DetData.Batch) -> Image {
    let numbers = batch.withPixels { pixels in
      Tensor.copying(
        bytes: UnsafeRawBufferPointer(pixels), shape: [3, batch.height, batch.width],
        dtype: .float32)
    }
    precondition(
      batch.width == canvas.width && batch.height == canvas.height,
      "an image was brought to \(batch.width)x\(batch.height), not \(canvas)")
    let image = batch.images[0]
    return Image(
      bytes: (numbers * 255 + 0.5).floor().to(.uint8),
      size: ImageSize(width: image.resized.width, height: image.resized.height),
      scaleX: image.scaleX, scaleY: image.scaleY)
  }
}

extension GateImages {
  /// Where images come from, in this order: files that were named, a plan's validation set, that of the job beside the weights.
  ///
  /// They are cut into tiles as for the training, or taken `whole`.
  static func dataset(
    files: String?, plan: String?, weights: String, _ checkpoint: Checkpoint, whole: Bool
  ) throws -> (dataset: Dataset, hasTruth: Bool) {
    if let files { return (try images(files, checkpoint, whole: whole), false) }
    if let plan {
      let file = try PlanFile(plan).plan
      return (try validation(file.data, source: plan, checkpoint, whole: whole), true)
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
      return (try validation(described.data, source: job, checkpoint, whole: whole), true)
    } catch let error as any SurroundingsError {
      throw FileError(
        path: job, problem: "names a validation set that cannot be read here (\(error))",
        cure: "start smnas where the training was started, or give --plan PLAN or --images FOLDER")
    }
  }

  private static func validation(
    _ data: JSONValue, source: String, _ checkpoint: Checkpoint, whole: Bool
  ) throws -> Dataset {
    let sources = try TrainingSets.Description(data, source: source)
    let dataset = try Dataset.load(whole ? sources.validation.untiled : sources.validation)
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

  private static func images(
    _ path: String, _ checkpoint: Checkpoint, whole: Bool
  ) throws -> Dataset {
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
    let dataset = Dataset(name: path, categories: categories, samples: samples)
    guard let tiles = checkpoint.tiles, !whole else { return dataset }
    return dataset.tiled(tiles)
  }
}

extension DatasetSource {
  /// The same images whole.
  fileprivate var untiled: DatasetSource {
    var source = self
    source.tiles = nil
    source.parts = parts.map { $0.map(\.untiled) }
    return source
  }
}

import DetBasics
import Foundation

/// What is known of every image file of a data set: read once, on all cores.
struct ImageSurvey: Sendable {
  /// One file.
  struct Entry: Sendable {
    /// What keeps it from being used.
    var problem: Finding?
    /// Equal for files of equal bytes.
    var bytes: UInt64?
    /// Equal for images of equal pixels, however they are stored; nil when they were not decoded.
    var pixels: UInt64?
    /// Mean and deviation of the pixels' lightness, 0 to 255.
    var light: (mean: Double, deviation: Double)?
    /// What the image looks like, when it was decoded and is not too plain.
    var likeness: ImageLikeness?
    /// Every pixel has the same colour.
    var isBlank = false
  }

  /// One sample per file, in order: tiles of an image share it.
  let files: [Sample]
  /// By path.
  let entries: [String: Entry]

  init(_ dataset: Dataset, decodesImages: Bool) {
    var seen: Set<String> = []
    let files = dataset.samples.filter { sample in
      if case .file(let path) = sample.content { return seen.insert(path).inserted }
      return false
    }
    let results = Threads.map(files) { Self.look(at: $0, decodes: decodesImages) }
    self.files = files
    entries = Dictionary(uniqueKeysWithValues: zip(files.map(\.path), results))
  }

  private static func look(at sample: Sample, decodes: Bool) -> Entry {
    let path = sample.path
    guard FileManager.default.fileExists(atPath: path) else {
      return Entry(
        problem: Finding(
          kind: .imageMissing, place: path, detail: "the file is not there",
          cure: "copy it again, or leave the image out"))
    }
    var entry = Entry()
    do {
      let limits = ImageLimits()
      let data = try PixelImage.bytes(path, limits: limits)
      entry.bytes = print(data)
      guard decodes else { return entry }
      let options = DecodeOptions(turning: .matching(sample.imageSize), limits: limits)
      let image = try PixelImage.decode(data, place: path, options: options)
      entry.likeness = ImageLikeness(image)
      image.pixels.withUnsafeBufferPointer { pixels in
        entry.pixels = Self.print(pixels)
        entry.light = Self.light(pixels)
        entry.isBlank = Self.isBlank(pixels)
      }
    } catch let error as DataError {
      entry.problem = Finding(
        kind: error.kind, place: path, detail: error.problem,
        cure: error.cure.isEmpty ? "copy it again, or leave it out" : error.cure)
    } catch {
      entry.problem = Finding(
        kind: .imageBroken, place: path, detail: "\(error)", cure: "copy it again, or leave it out")
    }
    return entry
  }

  private static func print(_ bytes: some Collection<UInt8>) -> UInt64 {
    var hash = StableHash()
    hash.combine(bytes: bytes)
    hash.combine(UInt64(bytes.count))
    return hash.value
  }

  /// Of every seventh pixel's green, which carries most of the lightness.
  private static func light(
    _ pixels: UnsafeBufferPointer<UInt8>
  ) -> (mean: Double, deviation: Double) {
    var count = 0
    var sum = 0
    var squares = 0
    for place in stride(from: 1, to: pixels.count, by: 21) {
      let value = Int(pixels[place])
      count += 1
      sum += value
      squares += value * value
    }
    let mean = Double(sum) / Double(max(1, count))
    let variance = Double(squares) / Double(max(1, count)) - mean * mean
    return (mean, max(0, variance).squareRoot())
  }

  private static func isBlank(_ pixels: UnsafeBufferPointer<UInt8>) -> Bool {
    for place in 3..<max(3, pixels.count) where pixels[place] != pixels[place - 3] { return false }
    return true
  }
}

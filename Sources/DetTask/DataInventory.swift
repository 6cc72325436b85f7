import DetBasics
import DetData
import Foundation

/// What the two data sets of a training hold, image by image, so that a change is noticed and can be told.
///
/// What counts is what trials learn from and are judged by: names of images below the folder they share, their bytes, and the
/// classes and boxes as they were read. Times, places, ids and the wording of annotation files count for nothing: data may be
/// copied, touched and moved.
///
/// ```swift
/// let inventory = try DataInventory(sets)
/// inventory.fingerprint                       // two digests
/// inventory.differences(from: earlier)        // ["validation: other boxes in 1 image (a.png)"]
/// ```
public struct DataInventory: Sendable, Equatable {
  /// One image of a set.
  struct Image: Sendable, Equatable {
    /// Digest of size, boxes and label.
    let labels: UInt64
    /// Digest of the file's bytes.
    let content: UInt64
    /// Bytes of the file.
    let bytes: Int
    /// When the file, or what the system knows of it, was changed last, in nanoseconds: with the same time and size the
    /// bytes are not read again.
    let changed: Int
  }

  /// One data set.
  struct Contents: Sendable, Equatable {
    /// Digest of the classes' names, in order.
    var classes: UInt64
    /// The images by name.
    var images: [String: Image]
  }

  let train: Contents
  let validation: Contents

  /// Takes stock of loaded sets.
  ///
  /// - Parameters:
  ///   - sets: the sets; every image's file is read once.
  ///   - earlier: an inventory whose files need not be read again where size and time are the same.
  ///   - willRead: called before each file that is read, with how many were read before and the most there may be; what it
  ///     throws ends the reading.
  /// - Throws: a `FileError` for an image that cannot be read.
  public init(
    _ sets: TrainingSets, knowing earlier: DataInventory? = nil,
    willRead: (_ read: Int, _ most: Int) throws -> Void = { _, _ in }
  ) throws {
    let most = Self.countFiles(sets.train) + Self.countFiles(sets.validation)
    var read = 0
    func next() throws {
      try willRead(read, most)
      read += 1
    }
    train = try Contents(sets.train, knowing: earlier?.train, willRead: next)
    validation = try Contents(sets.validation, knowing: earlier?.validation, willRead: next)
  }

  private static func countFiles(_ dataset: Dataset) -> Int {
    var paths: Set<String> = []
    for case .file(let path) in dataset.samples.map(\.content) { paths.insert(path) }
    return paths.count
  }

  init(train: Contents, validation: Contents) {
    self.train = train
    self.validation = validation
  }

  /// The digests of both sets: equal for equal data, wherever they lie.
  public var fingerprint: (train: String, validation: String) {
    (StableHash.hex(train.digest), StableHash.hex(validation.digest))
  }
}

extension DataInventory.Contents {
  init(
    _ dataset: Dataset, knowing earlier: DataInventory.Contents?, willRead: () throws -> Void
  ) throws {
    var hash = StableHash()
    for category in dataset.categories { hash.combine(category.name) }
    classes = hash.value
    images = [:]
    let shared = Self.sharedFolder(dataset.samples)
    // Tiles of one image share its file.
    var files: [String: (content: UInt64, bytes: Int, changed: Int)] = [:]
    for sample in dataset.samples {
      var name = Self.name(sample, below: shared)
      while images[name] != nil { name += "+" }
      let known = earlier?.images[name]
      let file = try files[sample.path] ?? Self.file(sample.content, known, willRead)
      files[sample.path] = file
      images[name] = DataInventory.Image(
        labels: Self.labels(sample, dataset.categories.map(\.name)), content: file.content,
        bytes: file.bytes, changed: file.changed)
    }
  }

  var digest: UInt64 {
    var hash = StableHash()
    hash.combine(classes)
    for (name, image) in images.sorted(by: { $0.key < $1.key }) {
      hash.combine(name)
      hash.combine(image.labels)
      hash.combine(image.content)
    }
    return hash.value
  }

  private static func file(
    _ content: Sample.Content, _ known: DataInventory.Image?, _ willRead: () throws -> Void
  ) throws -> (content: UInt64, bytes: Int, changed: Int) {
    guard case .file(let path) = content else { return (0, 0, 0) }
    guard let status = FileStatus(path) else {
      throw FileError(path: path, action: "look at the image", errorNumber: errno)
    }
    if let known, known.bytes == status.size, known.changed == status.changed {
      return (known.content, known.bytes, known.changed)
    }
    try willRead()
    return (try StableHash.value(ofFile: path), status.size, status.changed)
  }

  /// A box's digest does not depend on its place in the list; a class counts by its name.
  private static func labels(_ sample: Sample, _ classes: [String]) -> UInt64 {
    var hash = StableHash()
    for number in [sample.imageSize.width, sample.imageSize.height, sample.label ?? -1] {
      hash.combine(UInt64(bitPattern: Int64(number)))
    }
    hash.combine(sample.region.map { "\($0)" } ?? "")
    let boxes = sample.boxes.map { box in
      var own = StableHash()
      for number in [box.x0, box.y0, box.x1, box.y1, box.area ?? box.boxArea] {
        own.combine(number.bitPattern)
      }
      own.combine(classes[box.category])
      own.combine(box.isCrowd ? 1 : 0)
      own.combine(box.isIgnored ? 1 : 0)
      return own.value
    }
    for box in boxes.sorted() { hash.combine(box) }
    return hash.value
  }

  private static func name(_ sample: Sample, below folder: String) -> String {
    let place = sample.place
    return place.hasPrefix(folder) ? String(place.dropFirst(folder.count)) : place
  }

  /// What the paths of all files have in common, up to a slash.
  private static func sharedFolder(_ samples: [Sample]) -> String {
    var shared: Substring?
    for case .file(let path) in samples.map(\.content) {
      let folder = path[..<(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)]
      guard let known = shared else {
        shared = folder
        continue
      }
      if folder.hasPrefix(known) { continue }
      let common = known.commonPrefix(with: folder)
      shared = Substring(
        common[..<(common.lastIndex(of: "/").map(common.index(after:)) ?? common.startIndex)])
    }
    return String(shared ?? "")
  }
}

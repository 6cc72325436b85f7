import DetBasics
import DetData

/// What a training learns from and is judged by, in 16 digits: classes, images in their order, sizes, bytes of files, boxes.
///
/// Files are not opened, so that a training of a million images starts at once: a search compares their bytes by itself
/// (`DataInventory`). Folders do not count; data may be moved.
enum DataFingerprint {
  static func of(_ sets: [Dataset]) -> String {
    var hash = StableHash()
    for set in sets {
      for category in set.categories { hash.combine(category.name) }
      hash.combine(UInt64(set.samples.count))
      for sample in set.samples { add(sample, to: &hash) }
    }
    return StableHash.hex(hash.value)
  }

  private static func add(_ sample: Sample, to hash: inout StableHash) {
    hash.combine(FilePath.name(of: sample.path))
    if case .file(let path) = sample.content {
      hash.combine(UInt64(bitPattern: Int64(FileStatus(path)?.size ?? -1)))
    }
    hash.combine(sample.region.map { "\($0)" } ?? "")
    for number in [sample.imageSize.width, sample.imageSize.height, sample.label ?? -1] {
      hash.combine(UInt64(bitPattern: Int64(number)))
    }
    for box in sample.boxes {
      for edge in [box.x0, box.y0, box.x1, box.y1] { hash.combine(edge.bitPattern) }
      hash.combine(UInt64(box.category))
      hash.combine(box.isIgnored ? 1 : 0)
    }
  }
}

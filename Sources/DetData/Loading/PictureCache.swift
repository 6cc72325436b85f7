import Foundation

/// Decoded pictures up to a bound of memory; the one unused for longest goes first.
///
/// Serves large images of which many tiles are asked for, and small data sets that fit as a whole. A picture
/// is decoded once even when several threads ask for it at the same moment; one larger than the
/// bound is handed out and not kept.
final class PictureCache: @unchecked Sendable {
  /// True when images that are used whole are kept as well.
  let keepsWholeImages: Bool
  private let mostBytes: Int

  private let condition = NSCondition()  // guards everything below
  private var kept: [String: (picture: PixelImage, used: Int)] = [:]
  private var beingMade: Set<String> = []
  private var bytes = 0
  private var clock = 0

  init(mostBytes: Int, keepsWholeImages: Bool) {
    self.mostBytes = mostBytes
    self.keepsWholeImages = keepsWholeImages
  }

  /// The picture of that name, made by `make` when it is not there.
  func picture(_ name: String, make: () throws -> PixelImage) throws -> PixelImage {
    condition.lock()
    while true {
      if let found = kept[name] {
        clock += 1
        kept[name] = (found.picture, clock)
        condition.unlock()
        return found.picture
      }
      if beingMade.insert(name).inserted { break }
      condition.wait()
    }
    condition.unlock()
    let result = Result { try make() }
    condition.lock()
    beingMade.remove(name)
    if case .success(let picture) = result { keep(picture, name) }
    condition.broadcast()
    condition.unlock()
    return try result.get()
  }

  private func keep(_ picture: PixelImage, _ name: String) {
    guard picture.pixels.count <= mostBytes else { return }
    while bytes + picture.pixels.count > mostBytes,
      let oldest = kept.min(by: { $0.value.used < $1.value.used })
    {
      bytes -= oldest.value.picture.pixels.count
      kept[oldest.key] = nil
    }
    clock += 1
    kept[name] = (picture, clock)
    bytes += picture.pixels.count
  }
}

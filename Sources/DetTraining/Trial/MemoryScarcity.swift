/// That a training ran out of memory, and what it does about it, once: half as many images at a time, whose gradients add up to
/// the same batch.
public struct MemoryScarcity: Sendable, Hashable {
  /// Images that are computed at once from now on.
  public let imagesAtOnce: Int
  /// What ran out where, in words.
  public let reason: String

  /// What to do after memory did not suffice for so many images at once; nil when there was only one.
  public init?(after images: Int, reason: String) {
    guard images > 1 else { return nil }
    imagesAtOnce = (images + 1) / 2
    self.reason = reason
  }

  /// Reads ``text``.
  public init?(text: String) {
    let parts = text.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let images = Int(parts[0]), images >= 1 else { return nil }
    imagesAtOnce = images
    reason = String(parts[1])
  }

  /// The value as text, for another process.
  public var text: String { "\(imagesAtOnce) \(reason)" }

  /// What people should know.
  public var notice: String {
    "memory ran out (\(reason)); going on from the last checkpoint with \(imagesAtOnce) images at once, whose gradients add up "
      + "to the same batch"
  }
}

extension Recipe {
  /// The most images of a detector that are computed at once where the recipe does not say: the paper's eight a device.
  public static let mostAtOnce = 8

  /// Images of a detector that are computed at once.
  public var usedMicroBatch: Int { min(batch, microBatch ?? Self.mostAtOnce) }

  /// The batch in words, and how it is computed: `batch 64 as 8 times 8`.
  public var batchInWords: String { batchInWords(atOnce: usedMicroBatch) }

  /// The batch in words where so many images are computed at once.
  public func batchInWords(atOnce images: Int) -> String {
    let parts = (batch + images - 1) / max(1, images)
    guard parts > 1 else { return "batch \(batch)" }
    let size = (batch + parts - 1) / parts
    return batch == parts * size
      ? "batch \(batch) as \(parts) times \(size)"
      : "batch \(batch) in \(parts) parts of at most \(size)"
  }
}

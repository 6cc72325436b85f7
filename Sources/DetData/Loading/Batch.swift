/// Images of one size with their boxes, ready for a detector.
public struct Batch: Sendable {
  /// What became of one image on its way into the batch.
  public struct Image: Sendable, Equatable {
    /// The image's number in its data set.
    public let imageID: Int64
    /// File, and part of it: for messages.
    public let place: String
    /// The sample's size in the data set.
    public let original: PixelSize
    /// The size after resizing, before padding on the right and below.
    public let resized: PixelSize
    /// Resized over original pixels, across. Meaningful without cropping and mosaic, as in evaluation.
    public let scaleX: Double
    /// Resized over original pixels, down.
    public let scaleY: Double
    /// Left and right were swapped.
    public let isMirrored: Bool
    /// Boxes in pixels of the batch's image; the ignored ones are among them.
    public let boxes: [LabelledBox]
    /// The class of the whole image; nil where only boxes have one.
    public let label: Int?
  }

  /// One entry per image, in the order of the pixels.
  public let images: [Image]
  /// Pixels in a row, padding included.
  public let width: Int
  /// Rows, padding included.
  public let height: Int
  /// The order of the numbers.
  public let layout: PixelLayout
  /// Number of the batch in its epoch, from 0.
  public let index: Int
  /// The first image's place in the whole batch, of which this may be a share.
  public let firstImage: Int
  /// Images of the whole batch.
  public let wholeCount: Int
  /// Images that could not be read and were left out, when the loader was told to skip them.
  public let skipped: [DataError]
  private let storage: FloatStorage

  init(
    images: [Image], size: PixelSize, layout: PixelLayout, index: Int, firstImage: Int,
    wholeCount: Int, skipped: [DataError], storage: FloatStorage
  ) {
    self.images = images
    self.firstImage = firstImage
    self.wholeCount = wholeCount
    width = size.width
    height = size.height
    self.layout = layout
    self.index = index
    self.skipped = skipped
    self.storage = storage
  }

  /// The classes of the images, for classification; -1 where an image has none.
  public var labels: [Int] { images.map { $0.label ?? -1 } }

  /// How many images there are.
  public var count: Int { images.count }

  /// The normalised pixels: [N, 3, H, W], or [N, H, W, 3] when the layout is channels last.
  ///
  /// The memory is used again for a later batch once no copy of this one is left; copy what must stay.
  public func withPixels<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: storage.pointer, count: count * 3 * width * height))
    }
  }

  /// One number of one image.
  public func value(image: Int, channel: Int, x: Int, y: Int) -> Float {
    withPixels { pixels in
      let start = image * 3 * width * height
      let pixel = y * width + x
      return layout == .planar
        ? pixels[start + channel * width * height + pixel] : pixels[start + 3 * pixel + channel]
    }
  }
}

/// One image, or a part of one, with its boxes.
public struct Sample: Sendable, Equatable {
  /// Where the pixels come from.
  public enum Content: Sendable, Equatable {
    /// An image file.
    case file(String)
    /// A drawing made on demand.
    case scene(Scene)
  }

  /// The image's number in its data set: results and truth speak of it.
  public var imageID: Int64
  /// Where the pixels come from.
  public var content: Content
  /// The size of the whole image in `content`.
  public var imageSize: PixelSize
  /// The part that this sample is; nil: all of it.
  public var region: PixelRegion?
  /// Boxes in pixels of this sample: of the region when there is one.
  public var boxes: [LabelledBox]
  /// The class of the whole image, as an index into the data set's list; nil where only boxes have one.
  public var label: Int?

  /// A sample.
  public init(
    imageID: Int64, content: Content, imageSize: PixelSize, region: PixelRegion? = nil,
    boxes: [LabelledBox] = [], label: Int? = nil
  ) {
    self.imageID = imageID
    self.content = content
    self.imageSize = imageSize
    self.region = region
    self.boxes = boxes
    self.label = label
  }

  /// The file, or the name of the drawing: what errors call this sample.
  public var path: String {
    switch content {
    case .file(let path): path
    case .scene(let scene): scene.name
    }
  }

  /// `path`, and the region when the sample is a part.
  public var place: String { region.map { "\(path) [\($0)]" } ?? path }

  /// Pixels in a row of this sample.
  public var width: Int { region?.width ?? imageSize.width }
  /// Rows of this sample.
  public var height: Int { region?.height ?? imageSize.height }
  /// Width and height of this sample.
  public var size: PixelSize { PixelSize(width: width, height: height) }

  /// The boxes that are learnt from and counted: all but those that are ignored.
  public var objects: [LabelledBox] { boxes.filter { !$0.isIgnored } }

  /// Decodes or draws the sample's pixels at full size.
  public func picture(limits: ImageLimits = ImageLimits()) throws -> PixelImage {
    let image = try wholePicture(limits: limits)
    return region.map(image.cropped) ?? image
  }

  func wholePicture(limits: ImageLimits, atLeast: PixelSize? = nil) throws -> PixelImage {
    switch content {
    case .file(let path):
      let options = DecodeOptions(
        turning: .matching(imageSize), atLeast: atLeast, limits: limits)
      return try PixelImage.decode(path, options: options)
    case .scene(let scene):
      return try scene.picture()
    }
  }
}

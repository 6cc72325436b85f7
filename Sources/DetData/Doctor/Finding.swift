import DetBasics

/// Something in a data set to look at: what, where, and what to do about it.
public struct Finding: Sendable, Equatable, Codable {
  /// The kinds of finding, those that spoil training or measurement first.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// An annotation does not say what it should, or its file is damaged.
    case annotationBroken
    /// An annotation names a file outside the folder of images.
    case pathOutside
    /// An annotation belongs to an image that the data set does not have.
    case unknownImage
    /// Which image annotations belong to, or which annotations an image has, is not plain.
    case labelsUnclear
    /// A folder, or a name in it, cannot be read.
    case folderUnreadable
    /// The file is of a format that is not read, and is known by its content.
    case foreignFormat
    /// An annotation is of a class that the data set does not have.
    case unknownClass
    /// An id that must be unique is used twice.
    case idTwice
    /// Two classes have the same name, and boxes each.
    case classTwice
    /// All boxes together look like something else than x, y, width and height in pixels.
    case boxesOfOtherKind
    /// The image's file is not there.
    case imageMissing
    /// The image cannot be decoded.
    case imageBroken
    /// The annotations were made on an image of another size.
    case sizeDiffers
    /// An image of this data set is in the other one, too.
    case leakage
    /// An image of this data set looks like one of the other: compressed again, resized, or the next of a video.
    case nearLeakage
    /// Two images of the data set have the same content.
    case imageTwice
    /// Two images of the data set look the same: compressed again, resized, or neighbours in a video.
    case nearDuplicate
    /// The image has one colour only.
    case imageBlank
    /// A box has no area within its image, and was left out.
    case boxWithoutArea
    /// A box reaches beyond its image, and was cut there.
    case boxClipped
    /// Two boxes of a class lie (almost) on each other.
    case boxTwice
    /// A box is less than two pixels wide or high.
    case boxTiny
    /// A class has no boxes.
    case classEmpty
    /// Images have more boxes than are kept of what is found, and judged.
    case moreBoxesThanJudged
    /// An annotation has the id 0, with which COCO's own evaluation never counts it as found.
    case annotationIDZero
    /// The other data set lacks a class or has one more.
    case classesDiffer
  }

  /// What kind.
  public let kind: Kind
  /// The file, with line or key, or the part of the data set.
  public let place: String
  /// What was found.
  public let detail: String
  /// What to do about it.
  public let cure: String

  /// Describes a finding.
  public init(kind: Kind, place: String, detail: String, cure: String) {
    self.kind = kind
    self.place = place
    self.detail = detail
    self.cure = cure
  }
}

extension Finding {
  /// What an error says, listed among others: a file that cannot be read is a broken image unless it says otherwise.
  init(_ error: any Error) {
    switch error {
    case let error as DataError:
      self.init(kind: error.kind, place: error.place, detail: error.problem, cure: error.cure)
    case let error as FileError:
      self.init(
        kind: .imageBroken, place: error.path, detail: error.problem, cure: error.cure)
    default:
      self.init(kind: .annotationBroken, place: "", detail: "\(error)", cure: "")
    }
  }
}

extension Finding.Kind {
  /// True for what makes training fail, learn wrong things, or be measured wrongly.
  public var isSerious: Bool {
    switch self {
    case .annotationBroken, .pathOutside, .unknownImage, .labelsUnclear, .folderUnreadable,
      .foreignFormat, .unknownClass, .idTwice, .classTwice, .boxesOfOtherKind, .imageMissing,
      .imageBroken, .sizeDiffers, .leakage:
      true
    case .nearLeakage, .imageTwice, .nearDuplicate, .imageBlank, .boxWithoutArea, .boxClipped,
      .boxTwice, .boxTiny, .classEmpty, .moreBoxesThanJudged, .annotationIDZero,
      .classesDiffer:
      false
    }
  }
}

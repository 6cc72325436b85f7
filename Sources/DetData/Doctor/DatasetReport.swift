/// What ``DatasetDoctor`` found out about a data set.
public struct DatasetReport: Sendable, Equatable, Codable {
  /// Counts of one class.
  public struct ClassCount: Sendable, Equatable, Codable {
    /// Its name.
    public let name: String
    /// Images with at least one box of it.
    public let images: Int
    /// Boxes, the ignored ones too.
    public let boxes: Int
    /// Boxes of less than 32 x 32 pixels.
    public let small: Int
    /// Boxes between small and large.
    public let medium: Int
    /// Boxes of 96 x 96 pixels and more.
    public let large: Int
    /// Boxes that are neither learnt from nor counted.
    public let ignored: Int
  }

  /// Something to look at.
  public struct Finding: Sendable, Equatable, Codable {
    /// The kinds of finding.
    public enum Kind: String, Sendable, Codable, CaseIterable {
      /// The image's file is not there.
      case imageMissing
      /// The image cannot be decoded.
      case imageBroken
      /// Two images of the data set have the same content.
      case imageTwice
      /// An image of this data set is in the other one, too.
      case leakage
      /// Two boxes of a class lie (almost) on each other.
      case boxTwice
      /// A box is less than two pixels wide or high.
      case boxTiny
      /// A class has no boxes.
      case classEmpty
      /// The other data set lacks a class or has one more.
      case classesDiffer
    }

    /// What kind.
    public let kind: Kind
    /// The file, or the part of the data set.
    public let place: String
    /// What was found.
    public let detail: String
    /// What to do about it.
    public let cure: String
  }

  /// The data set's name.
  public let name: String
  /// Images, tiles counted singly.
  public let images: Int
  /// Images without boxes.
  public let emptyImages: Int
  /// All boxes.
  public let boxes: Int
  /// Per class, in the order of the classes.
  public let classes: [ClassCount]
  /// Widths of the images.
  public let imageWidth: Spread
  /// Heights of the images.
  public let imageHeight: Spread
  /// Boxes per image.
  public let boxesPerImage: Spread
  /// Square roots of the boxes' areas, in pixels.
  public let boxSide: Spread
  /// Widths over heights of the boxes.
  public let aspectRatio: Spread
  /// Everything to look at, in the order of the kinds.
  public let findings: [Finding]
  /// How many repairs of each kind the reader made.
  public let repairs: [String: Int]

  /// True when there is nothing that spoils training or measurement.
  public var isSound: Bool {
    !findings.contains { [.imageMissing, .imageBroken, .leakage].contains($0.kind) }
  }
}

/// What ``DatasetDoctor`` found out about a data set.
public struct DatasetReport: Sendable, Equatable, Codable {
  /// Counts of one class.
  public struct ClassCount: Sendable, Equatable, Codable {
    /// Its name.
    public let name: String
    /// Images with at least one box of it, or that are of it.
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

  /// The data set's name.
  public let name: String
  /// What became of everything that was found.
  public let account: DatasetAccount
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
  /// How many boxes have which square root of their area.
  public let sides: Histogram
  /// How many boxes have which width over height.
  public let aspectRatios: Histogram
  /// Side of the tiles that ``coverage`` is for, in pixels; nil: for the images as they are.
  public let tileSide: Int?
  /// How well anchors would cover the boxes, per input size that was asked about.
  public let coverage: [AnchorCoverage]
  /// The samples that are least like the others, worth a look.
  public let oddest: [OddSample]
  /// Everything to look at, in the order of the kinds.
  public let findings: [Finding]
  /// How many repairs of each kind the reader made.
  public let repairs: [String: Int]
  /// Every repair.
  public let repairList: [Repair]

  /// The findings in groups that one cure mends, in the order of the kinds.
  public var groups: [[Finding]] {
    Finding.Kind.allCases.flatMap { kind in
      let these = findings.filter { $0.kind == kind }
      var cures: [String] = []
      for finding in these where !cures.contains(finding.cure) { cures.append(finding.cure) }
      return cures.map { cure in these.filter { $0.cure == cure } }
    }
  }

  /// True when there is nothing that spoils training or measurement.
  public var isSound: Bool { !findings.contains { $0.kind.isSerious } }
}

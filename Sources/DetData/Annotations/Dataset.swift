/// A class of objects.
public struct Category: Sendable, Equatable, Codable {
  /// The id that results files use; ids may have gaps.
  public let id: Int64
  /// What it is called.
  public let name: String

  /// A class.
  public init(id: Int64, name: String) {
    self.id = id
    self.name = name
  }
}

/// Something a reader changed or left out, and where: nothing is repaired silently.
public struct Repair: Sendable, Equatable, Codable {
  /// The kinds of change.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A box reached beyond its image and was cut at the edge.
    case boxClipped
    /// A box without area, within its image, was left out.
    case boxWithoutArea
    /// A box of a class that was not asked for was left out.
    case otherClass
    /// An image that is not there was left out, as the source allowed.
    case imageMissing
    /// A box cut by a tile's edge with at most half of its area inside is ignored there: neither object nor background.
    case boxCutByTile
    /// A class of an older release was given the name it has today.
    case classRenamed
    /// Labels that have no box (lanes, areas) were left out.
    case labelWithoutBox
    /// A file that is neither JPEG nor PNG by its name was left out.
    case otherFile
    /// A file was found whose name differs from what is written in case or in its Unicode form.
    case nameForm
    /// An image was found whose name is written without its ending, or with another.
    case nameEnding
    /// Backslashes in a name were read as separators of folders.
    case nameSeparators
    /// An image whose name is written with folders that are not there was found without them.
    case nameFolder
    /// An image that is not there under the name that is written was found by the annotation file's own name.
    case nameOfAnnotation
    /// A size was taken with its sides changed over, as the image has them.
    case sizeTurned
    /// Boxes on images that are turned by EXIF were taken on the upright image; nothing stated says which is meant.
    case orientationUnclear
    /// A box was taken around an outline, or around a box that is turned.
    case outlineBoxed
    /// Values beside a box that a detector cannot use (a score, a track's number, points) were left out.
    case valuesLeftOut
    /// A number was read that is written in another form than the format's (1.0 for a class, a decimal comma).
    case numberForm
    /// A second label file of an image, with the same content, was left out.
    case labelFileTwice
    /// An image that no annotation names was left out.
    case imageWithoutLabels
    /// Files that the list of images does not name were left out.
    case notListed
    /// A name that a list has twice was taken once.
    case listedTwice
    /// Hidden images or label files were left out.
    case hiddenFile
    /// A link to a folder that is read already was not followed.
    case folderTwice
    /// An object that stands where a list belongs, with ids for keys, was read as the list.
    case listAsObject
    /// An id that was missing, no number, or used twice was given a number.
    case idGiven
    /// An annotation keeps the id 0 of its file, with which COCO's own evaluation never counts it as found.
    case annotationIDZero
    /// A class without boxes that has the name of another was left out.
    case classWithoutBoxes
    /// Of two entries for one image file, the one without boxes was left out.
    case imageListedTwice
    /// Images of which not all objects are labelled (LVIS) were taken as if all were.
    case notExhaustive
  }

  /// What was done.
  public let kind: Kind
  /// File, and line or number of the annotation.
  public let place: String
  /// The values before, in words.
  public let detail: String

  /// Describes a change.
  public init(kind: Kind, place: String, detail: String) {
    self.kind = kind
    self.place = place
    self.detail = detail
  }
}

/// Images with boxes, their classes, and every repair that was made while reading them.
///
/// ```swift
/// let trees = try Dataset.load(
///   DatasetSource(format: .voc, annotations: "trees/train", tiles: Tiling(size: 160, stride: 120)))
/// trees.samples.count  // one sample per tile
/// ```
public struct Dataset: Sendable, Equatable {
  /// The name that messages use.
  public var name: String
  /// The classes; boxes refer to them by index.
  public var categories: [Category]
  /// The images in a fixed order.
  public var samples: [Sample]
  /// What was changed or left out.
  public var repairs: [Repair]
  /// What could not be used; empty unless it was read with ``FaultPolicy/collect``.
  public var faults: [Finding]
  /// What became of everything that was found; empty where nothing was read, as of drawn scenes.
  public var account: DatasetAccount

  /// A data set.
  public init(
    name: String, categories: [Category], samples: [Sample], repairs: [Repair] = [],
    faults: [Finding] = [], account: DatasetAccount = DatasetAccount()
  ) {
    self.name = name
    self.categories = categories
    self.samples = samples
    self.repairs = repairs
    self.faults = faults
    self.account = account
  }

  /// All boxes of all samples.
  public var boxCount: Int { samples.reduce(0) { $0 + $1.boxes.count } }

  /// The boxes that are learnt from and counted: all but those that are ignored.
  package var objectCount: Int {
    samples.reduce(0) { $0 + $1.objects.count }
  }

  /// Boxes, and classes of whole images.
  var labelCount: Int { boxCount + samples.count { $0.label != nil } }

  /// How often each kind of repair was needed, most frequent kinds in the order of their names.
  public var repairCounts: [(kind: Repair.Kind, count: Int)] {
    Repair.Kind.allCases.compactMap { kind in
      let count = repairs.count { $0.kind == kind }
      return count == 0 ? nil : (kind, count)
    }
  }
}

package import DetBasics

/// What there is to a format: the keys of its sources, and how they are read.
package protocol DatasetReader {
  /// What the format is, in a sentence.
  static var summary: String { get }

  /// The keys that a source of the format knows.
  static var settings: SettingsTable<DatasetSource> { get }

  /// Whether the reader itself goes by the source's classes; otherwise they are chosen from what it has read.
  static var takesClasses: Bool { get }

  /// Reads a source whose values are checked.
  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset
}

extension DatasetFormat {
  /// What reads the format.
  package var reader: any DatasetReader.Type {
    switch self {
    case .voc: VOCReader.self
    case .coco: COCOReader.self
    case .bdd: BDDReader.self
    case .yolo: YOLOReader.self
    case .folders: ClassFolders.self
    case .shapes: ShapesReader.self
    case .union: UnionReader.self
    }
  }
}

import DetBasics

/// Joins several data sets to one.
struct UnionReader: DatasetReader {
  static let summary = "Several data sets as one; classes are joined by name."
  static let takesClasses = false

  static let settings = SettingsTable<DatasetSource> {
    $0.include(DatasetSource.detection)
    $0.optional(
      "parts", \.parts, "The data sets to join, each a source of its own.",
      absent: "the list of data sets to join", isRequired: true)
    $0.check {
      $0.parts?.isEmpty == true ? "the key \"parts\" is empty: name the data sets to join" : nil
    }
  }

  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset {
    Dataset.union(try (source.parts ?? []).map { try Dataset.load($0, faults: policy) })
  }
}

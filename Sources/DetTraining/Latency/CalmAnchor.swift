import DetBasics
import DetSpec

/// What anchors take on calm machines, kept in a file from one measurement to the next.
///
/// Of each machine the three lowest medians are kept, and the highest of them counts: so one lucky measurement does not make all
/// others look disturbed, and measurements on a busy machine are forgotten as soon as there are three calm ones.
struct CalmAnchor {
  private static let count = 3
  private let folder: CacheFolder
  private var path: String { folder.path + "/anchors.json" }

  /// The record in a folder of things that can be found out again.
  init(_ folder: CacheFolder) { self.folder = folder }

  /// Adds a median to those of `key`, and returns what counts as calm then, in milliseconds.
  ///
  /// The record is a help: where it cannot be read or written, the measurement stands for itself.
  func calm(_ key: String, adding median: Double) -> Double {
    var record = (try? JSON.decode([String: [Double]].self, file: path)) ?? [:]
    let old = (record[key] ?? []).filter { $0.isFinite && $0 > 0 }
    let lowest = Array((old + [median]).sorted().prefix(Self.count))
    if lowest != old {
      record[key] = lowest
      let text = try? JSON.text(record, pretty: true)
      if let text, (try? Files.makeFolder(folder.path)) != nil {
        try? AtomicFile.write(text + "\n", to: path)
      }
    }
    return lowest.last ?? median
  }
}

import DetBasics
import DetSearch

/// The file of a run's front, which follows its trials within a second: thousands that end one after another do not write it as often.
struct FrontFile {
  /// Where it is; nil for a search that keeps none.
  private let path: String?
  private var isBehind = true
  private var written = ContinuousClock.now - interval

  private static let interval = Duration.seconds(1)

  /// The front's file of a run; nil keeps none.
  init(_ folder: RunFolder?) { path = folder?.front }

  /// Notes that what is in it is not that of the trials any more.
  mutating func fallBehind() { isBehind = true }

  /// Writes what a body gives where that is due, or, as the search ends, where it is behind.
  mutating func keep(atTheEnd: Bool = false, _ fronts: () -> StageFronts) throws {
    guard let path, isBehind, atTheEnd || ContinuousClock.now - written >= Self.interval else {
      return
    }
    try AtomicFile.write(JSON.text(fronts(), pretty: true) + "\n", to: path)
    (isBehind, written) = (false, .now)
  }
}

import DetBasics
import DetSpec
import Foundation

/// The events that an attempt has reported since somebody looked last.
struct EventTail {
  private let path: String
  private var offset = 0
  private static let mostAtOnce = 4 << 20

  init(_ attempt: Attempt) { path = attempt.files.events }

  /// Reads the complete lines that are new. Lines that are no events are passed over: the job has judged them.
  mutating func read() -> [TrialEvent] {
    guard let status = FileStatus(path), status.size > offset,
      let handle = FileHandle(forReadingAtPath: path)
    else { return [] }
    defer { try? handle.close() }
    guard (try? handle.seek(toOffset: UInt64(offset))) != nil,
      let data = try? handle.read(upToCount: Self.mostAtOnce),
      let end = data.lastIndex(of: 10)
    else { return [] }
    let whole = data[...end]
    offset += whole.count
    return JSONLinesContent(Data(whole)).lines.compactMap {
      try? JSON.decode(TrialEvent.self, from: $0.text, source: path)
    }
  }
}

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
    guard let status = FileStatus(path), status.size > offset else { return [] }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var data = Data(count: min(status.size - offset, Self.mostAtOnce))
    let count = data.withUnsafeMutableBytes {
      pread(descriptor, $0.baseAddress, $0.count, off_t(offset))
    }
    guard count > 0, let end = data.prefix(count).lastIndex(of: 10) else { return [] }
    let whole = data[...end]
    offset += whole.count
    return JSONLinesContent(whole).lines.compactMap {
      try? JSON.decode(TrialEvent.self, from: $0.text, source: path)
    }
  }
}

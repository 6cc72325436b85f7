import DetBasics
import DetExecution
import DetReport
import DetSearch
import Foundation

/// Follows one run and keeps its page up to date.
///
/// Whoever many watch, the run is looked at once a second at the most, and its store is read only when it was written to, and for no
/// more than a twentieth of the time.
///
/// `@unchecked Sendable`: everything that changes is touched under `lock` alone.
final class RunWatch: @unchecked Sendable {
  let page: LivePage
  let folder: String
  private let lock = NSLock()
  private let reader: RunReader
  private let rows = RowMemory()
  private var stamp: RunStamp?
  private var model: ReportModel?
  private var lessons: (finished: Int, lessons: DesignLessons)?
  private var trouble: String?
  private var readAt: Date?
  private var nextLook = Date.distantPast
  private let clock: @Sendable () -> Date

  /// Seconds between two looks, and how many times the cost of reading is left between two readings.
  static let pause = 1.0
  static let rest = 20.0

  init(_ folder: String, page: LivePage, clock: @escaping @Sendable () -> Date) {
    self.folder = folder
    self.page = page
    self.clock = clock
    reader = RunReader(folder, pictures: .addressed)
  }

  /// The model that the page shows; nil before the run could be read.
  var present: ReportModel? { lock.withLock { model } }

  /// The file of a picture of the page; nil where the page shows none of that address.
  func picture(_ address: String) -> String? { lock.withLock { reader.picture(address) } }

  /// Looks whether the run has changed, if it is time to; shows what it finds.
  func look() {
    lock.withLock {
      let begin = clock()
      guard begin >= nextLook else { return }
      do {
        try lookNow(begin)
      } catch {
        // Only a number that JSON cannot say comes here, and no reader lets one in.
        trouble = "The run cannot be shown: \(error)"
      }
      let cost = clock().timeIntervalSince(begin)
      nextLook = begin.addingTimeInterval(max(Self.pause, cost + Self.rest * cost))
    }
  }

  private func lookNow(_ now: Date) throws {
    guard let stamp = RunStamp(reader.folder) else {
      self.stamp = nil
      return try say(
        "The run's folder \(folder.oneLine) is not there, or holds no run any more. When it is back, this page goes on.",
        now)
    }
    if stamp == self.stamp, trouble == nil { return }
    do {
      model = try reader.read()
      readAt = now
      trouble = nil
      // Files' times are only so fine: what was written just now may have been written again since.
      self.stamp = now.timeIntervalSince1970 - stamp.newest > 0.1 ? stamp : nil
    } catch {
      self.stamp = nil
      return try say("The run cannot be read at the moment: \("\(error)".oneLine)", now)
    }
    try show()
  }

  /// Shows what was read last with a word of why it is not the present.
  private func say(_ problem: String, _ now: Date) throws {
    let format = Date.ISO8601FormatStyle(dateTimeSeparator: .space)
    let shown = readAt.map { " Shown is what was read at \($0.formatted(format))." } ?? ""
    guard trouble != problem + shown else { return }
    trouble = problem + shown
    try show()
  }

  private func show() throws {
    guard let model else {
      return try page.show(Shown(nothingOf: folder, trouble: trouble ?? ""))
    }
    let finished = model.trials.count { $0.record.isFinished }
    if lessons?.finished != finished { lessons = (finished, DesignLessons(model)) }
    guard let lessons else { return }
    try page.show(
      Shown(model, lessons.lessons, rows: rows, before: page.shown, trouble: trouble))
  }
}

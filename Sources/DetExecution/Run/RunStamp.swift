import DetBasics
import DetSpec

/// What tells that something was written to a run, without reading it: files' sizes and times, what was exported, and whether a search
/// is at work.
package struct RunStamp: Sendable, Equatable {
  /// The store's file: another one means another run.
  let store: FileIdentity
  /// When one of the files was written last, in seconds since 1970.
  package let newest: Double
  private let files: [FileStatus?]
  private let isActive: Bool

  /// Looks at a run's files; nil where no run is.
  package init?(_ folder: RunFolder) {
    guard folder.isBegun, let store = FileStatus(folder.store) else { return nil }
    self.store = store.identity
    let exports = folder.numberedFolders.compactMap { FileStatus(folder.trial($0).exports) }
    files = [store, FileStatus(folder.store + "-wal"), FileStatus(folder.plan)] + exports
    newest =
      files.compactMap { $0 }.map { Double($0.seconds) + Double($0.nanoseconds) / 1e9 }
      .max() ?? 0
    isActive = FileLock.isHeld(folder.lock)
  }
}

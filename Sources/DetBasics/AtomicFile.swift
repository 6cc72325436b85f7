public import Foundation

/// Writing a file so that a reader, or a crash at any moment, sees the old content or the new, never half.
public enum AtomicFile {
  /// Writes a temporary file beside `path`, syncs it, renames it over `path` and syncs the folder.
  ///
  /// With `replaces` false a file that has the name already stays, and is an error. Verbs write through ``NewFile`` and
  /// ``OutputFolder``, which say what to do about it. With `waits` false nothing is synced: a reader and a crash of the program see
  /// the same as ever, a crash of the machine may leave an empty file.
  public static func write(
    _ data: Data, to path: String, replaces: Bool = true, waits: Bool = true
  ) throws {
    try write(to: path, replaces: replaces, waits: waits) { try $0.append(data) }
  }

  /// Writes a file piece by piece, as ``write(_:to:replaces:waits:)`` does: for what would be too large in memory as a whole.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - replaces: whether a file that is there is replaced; if not, it is an error.
  ///   - waits: whether it is on the disk when this returns.
  ///   - previous: the name that the file that was there gets, so that two generations are there; a crash between the two
  ///     renamings leaves the older one alone. nil lets it go.
  ///   - body: writes the content.
  /// - Throws: `FileError` when the file cannot be written, and whatever `body` throws.
  public static func write(
    to path: String, replaces: Bool = true, waits: Bool = true, keepingAs previous: String? = nil,
    _ body: (FileWriter) throws -> Void
  ) throws {
    let temporary = FilePath.join(FilePath.folder(of: path), temporaryName())
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileError(path: path, action: "write the file", errorNumber: errno)
    }
    do {
      try body(FileWriter(descriptor: descriptor, path: path))
      guard !waits || fsync(descriptor) == 0 else {
        throw FileError(path: path, action: "write the file to disk", errorNumber: errno)
      }
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    close(descriptor)
    if let previous { rename(path, previous) }
    guard replaces ? rename(temporary, path) == 0 : renameToNew(temporary, path) else {
      let number = errno
      unlink(temporary)
      throw FileError(
        path: path, action: replaces ? "replace the file" : "write the file", errorNumber: number)
    }
    if waits { syncFolder(of: path) }
  }

  private static let temporaryEnding = ".smnas.tmp"

  /// A name for a file that is not whole yet, hidden and never the same.
  package static func temporaryName() -> String {
    ".\(getpid()).\(UInt32.random(in: 0...UInt32.max))\(temporaryEnding)"
  }

  /// Whether a file of that name is what a write left that was killed before it ended.
  package static func isTemporary(_ name: String) -> Bool {
    name.hasPrefix(".") && name.hasSuffix(temporaryEnding)
  }

  /// Gives a file its name unless something has it; the name is reserved by an empty file, which every file system can.
  private static func renameToNew(_ temporary: String, _ path: String) -> Bool {
    let reserved = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard reserved >= 0 else { return false }
    close(reserved)
    guard rename(temporary, path) == 0 else {
      let number = errno
      unlink(path)
      errno = number
      return false
    }
    return true
  }

  /// Writes a text as UTF-8.
  public static func write(_ text: String, to path: String, waits: Bool = true) throws {
    try write(Data(text.utf8), to: path, waits: waits)
  }

  static func writeAll(_ data: Data, to descriptor: Int32, path: String) throws {
    try FileWriter(descriptor: descriptor, path: path).append(data)
  }

  private static func syncFolder(of path: String) {
    let descriptor = open(FilePath.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

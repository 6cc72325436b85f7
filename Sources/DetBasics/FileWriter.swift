public import Foundation

/// A file that is being written, piece by piece.
public struct FileWriter {
  let descriptor: Int32
  let path: String

  /// A file that was opened for writing; the path is for errors. Whoever opened it closes it.
  package init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Appends bytes.
  ///
  /// - Throws: `FileError`, as when the disk is full.
  public func append(_ data: Data) throws {
    try data.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in try append(bytes) }
  }

  /// Appends bytes.
  ///
  /// - Throws: `FileError`, as when the disk is full.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    try writeAll(bytes) { write(descriptor, $0, $1) }
  }

  /// Writes over bytes that were written before; the end stays where it is.
  ///
  /// - Throws: `FileError`, as when the disk has failed.
  public func overwrite(at offset: Int, _ bytes: UnsafeRawBufferPointer) throws {
    var place = offset
    try writeAll(bytes) { start, count in
      let written = pwrite(descriptor, start, count, off_t(place))
      place += max(0, written)
      return written
    }
  }

  private func writeAll(
    _ bytes: UnsafeRawBufferPointer, _ call: (UnsafeRawPointer?, Int) -> Int
  ) throws {
    var offset = 0
    while offset < bytes.count {
      let written = call(bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
      if written < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, action: "write the file", errorNumber: errno)
      }
      offset += written
    }
  }
}

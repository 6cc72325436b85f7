import Foundation

/// A file system of a few megabytes in memory, where the user of the tests may mount one; gone with the test.
public final class SmallDisk {
  /// Where it is.
  public let path: String
  private let folder: TemporaryFolder

  /// Whether this process may mount anything.
  public static let isPossible = (try? SmallDisk(mebibytes: 1)) != nil

  /// Mounts it.
  public init(mebibytes: Int) throws {
    folder = try TemporaryFolder()
    path = try folder.makeFolder("disk")
    try Self.call("mount", "-t", "tmpfs", "-o", "size=\(mebibytes)m", "smnas-test", path)
  }

  deinit { try? Self.call("umount", "-l", path) }

  /// Mounts it anew with other options, such as `ro`, `rw`, `size=60m`.
  public func remount(_ options: String) throws {
    try Self.call("mount", "-o", "remount,\(options)", path)
  }

  private struct Refused: Error {}

  private static func call(_ words: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Refused() }
  }
}

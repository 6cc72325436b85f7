public import Foundation

/// Where programs of this package keep what they can find out again: `$XDG_CACHE_HOME/smnas`, or `~/.cache/smnas`.
public struct CacheFolder: Sendable, Hashable {
  /// The folder's path; it need not exist yet.
  public let path: String

  /// A folder of one's own, for tests and for machines whose home may not be written to.
  public init(path: String) { self.path = path }

  /// The user's; nil where the environment names neither it nor a home.
  public static func user(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> CacheFolder? {
    // A relative path is to be ignored (XDG Base Directory Specification).
    if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") {
      return CacheFolder(path: base + "/smnas")
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return CacheFolder(path: home + "/.cache/smnas")
  }
}

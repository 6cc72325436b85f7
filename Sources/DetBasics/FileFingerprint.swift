import Foundation

/// A short text that tells whether a file is still the one that was meant: the stable hash of its bytes and their number.
///
/// ```swift
/// let before = try FileFingerprint.of("resnet50.pth")  // "6c1f0a9be2d4837f"
/// ```
public enum FileFingerprint {
  /// Reads the whole file, about a second for a gigabyte.
  public static func of(_ path: String) throws -> String {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw FileError(
        path: path, problem: "cannot be read", cure: "check the path and permissions")
    }
    var hash = StableHash()
    data.withUnsafeBytes { hash.combine(bytes: $0) }
    hash.combine(UInt64(data.count))
    let digits = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

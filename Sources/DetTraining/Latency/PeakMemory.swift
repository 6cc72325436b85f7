import DetBasics
import Foundation

/// The most memory that this process holds while it does something.
///
/// Linux keeps the peak of a process's resident memory, and starts it anew when `5` is written to `/proc/self/clear_refs`
/// (proc(5)). Elsewhere, and where /proc does not allow it, there is no number rather than a wrong one.
enum PeakMemory {
  /// Resident bytes at the peak of `body`; nil where the system does not say.
  ///
  /// What the allocator keeps of earlier work is given back first. Counted are all pages of the process in memory: program and
  /// libraries, what it held before and still holds, and what `body` needs. Not counted are swapped pages and the memory of
  /// other devices.
  static func bytes(during body: () throws -> Void) rethrows -> Int? {
    giveBackFreedMemory()
    guard startAnew() else { return nil }
    try body()
    return status("VmHWM")
  }

  /// Starts the peak anew at what is held now; false where that has no effect.
  private static func startAnew() -> Bool {
    guard let reset = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return false }
    defer { try? reset.close() }
    guard (try? reset.write(contentsOf: Data("5".utf8))) != nil,
      let peak = status("VmHWM"), let held = status("VmRSS")
    else { return false }
    return peak - held < 8 << 20
  }

  /// A line of `/proc/self/status`, `VmHWM:   64816 kB`, in bytes.
  private static func status(_ name: String) -> Int? {
    guard let text = try? Files.text("/proc/self/status") else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
    let words = line?.split(whereSeparator: \.isWhitespace) ?? []
    guard words.count == 3, words[2] == "kB", let count = Int(words[1]) else { return nil }
    return count << 10
  }

  /// glibc keeps freed memory for the next allocation, and has a function to give it back; other libraries have no such one.
  private static func giveBackFreedMemory() {
    typealias Trim = @convention(c) (Int) -> Int32
    guard let symbol = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(symbol, to: Trim.self)(0)
  }
}

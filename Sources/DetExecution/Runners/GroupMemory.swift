import Foundation

/// What Linux tells about memory: how much a process group holds, and whether the system had to kill for it.
enum GroupMemory {
  /// Resident bytes of all processes of a group; 0 where there is no /proc.
  static func bytes(ofGroup group: pid_t) -> Int {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else {
      return 0
    }
    let page = sysconf(Int32(_SC_PAGESIZE))
    return names.reduce(0) { sum, name in
      guard Int(name) != nil, let stat = text("/proc/\(name)/stat"),
        let fields = fieldsAfterName(stat), fields.count > 21, fields[2] == "\(group)",
        let pages = Int(fields[21])
      else { return sum }
      return sum + pages * page
    }
  }

  /// The fields of a `stat` line from the third on; the second, the name, may hold spaces and parentheses.
  private static func fieldsAfterName(_ stat: String) -> [Substring]? {
    stat.lastIndex(of: ")").map { stat[stat.index(after: $0)...].split(separator: " ") }
  }

  /// How often the system's out-of-memory killer was at work since the machine started.
  static func killerCount() -> Int {
    let lines = text("/proc/vmstat")?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasPrefix("oom_kill ") }
    return line.flatMap { Int($0.dropFirst("oom_kill ".count)) } ?? 0
  }

  private static func text(_ path: String) -> String? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    return (try? handle.readToEnd()).map { String(decoding: $0, as: UTF8.self) }
  }
}

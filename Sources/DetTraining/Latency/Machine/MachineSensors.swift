import DetBasics
import DetSpec
import Foundation

/// What Linux tells of load, clock and heat; what it does not tell is nil.
enum MachineSensors {
  /// The state now; waiting and steal are of a time and not of a moment.
  static func state() -> MachineState {
    var state = MachineState()
    state.host = host()
    state.load = (try? Files.text("/proc/loadavg")).flatMap(load)
    state.clock = ((try? Files.text("/proc/cpuinfo")).map(clocks) ?? []).max()
    state.temperature = zones.compactMap { (try? Files.text($0)).flatMap(degrees) }.max()
    return state
  }

  /// The kind of processor, as `AMD EPYC 7763 64-Core Processor`; nil where the system does not tell.
  static func processor() -> String? {
    (try? Files.text("/proc/cpuinfo")).flatMap { values("model name", in: $0).first }
  }

  /// The machine's name in its network; nil where the system does not tell.
  static func host() -> String? {
    (try? Files.text("/proc/sys/kernel/hostname")).map { String($0.trimmed) }
  }

  private static var zones: [String] {
    let folder = "/sys/class/thermal"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix("thermal_zone") }.map { "\(folder)/\($0)/temp" }
  }

  static func load(_ text: String) -> Double? {
    text.split(separator: " ").first.flatMap { Double($0) }
  }

  static func clocks(_ cpuinfo: String) -> [Double] {
    values("cpu MHz", in: cpuinfo).compactMap { Double($0) }
  }

  static func degrees(_ text: String) -> Double? {
    Double(text.trimmed).map { $0 / 1000 }
  }

  private static func values(_ key: String, in cpuinfo: String) -> [String] {
    cpuinfo.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].trimmed == key else { return nil }
      return String(parts[1].trimmed)
    }
  }
}

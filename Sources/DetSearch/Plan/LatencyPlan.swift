package import DetBasics
package import DetSpec

/// How the latencies of detectors are taken: of each trial, and of several again in one go at the end of a search and by
/// `smnas measure`.
public struct LatencyPlan: Hashable, Sendable {
  /// A program that times detectors, with its arguments; the job file's path is added as the last one. Nil runs this program's own.
  ///
  /// Every latency of the run is its answer: on another device, by ssh or of an exported model, say.
  public var command: [String]?
  /// Programs that time detectors on other devices, by names of those; each gives a metric of its own, `latency@NAME`.
  public var devices: [String: [String]]?
  /// Seconds that a program may take for one detector; the search pauses when it has not answered by then.
  public var timeoutSeconds = 600.0
  /// Whether a stage ends by measuring the members of its front again, and what was disturbed, interleaved with one another.
  public var measuresFront = true

  /// The defaults.
  public init() {}

  /// The other devices with their programs, in the order in which they are asked.
  package var others: [(device: String, command: [String])] {
    (devices ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The latencies that a detector has: here, and on each of the other devices.
  package var metrics: [Metric] { [.latency] + others.map { .latency(on: $0.device) } }
}

extension LatencyPlan: Codable {
  /// Reads the section; checks every value.
  public init(from decoder: any Decoder) throws {
    self.init()
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}

extension LatencyPlan: SettingValue {
  package static var form: String { "object" }

  /// The keys of the section `latency`.
  package static let settings = SettingsTable<LatencyPlan> {
    $0.optional(
      "command", \.command,
      "A program that times detectors, trained or not, on another device, say, with its arguments; the job file's path is added as the last one. Every latency of the run is its answer.",
      .command, absent: "this program", writesNull: true)
    $0.optional(
      "devices", \.devices,
      "Programs that time detectors on other devices, by names: { \"phone\": [\"ssh\", …] }, each with its arguments as command has them. Their times are metrics and objectives of their own, such as latency@phone.",
      SettingRule(
        "names of letters, digits, -, _ and ., each with a program",
        problem: { devices, _ in
          for (name, command) in devices.sorted(by: { $0.key < $1.key }) {
            guard Metric.isDevice(name) else {
              return
                "names \"\(name)\"; use letters, digits, -, _ and ., and a letter at the beginning"
            }
            if command.first?.isEmpty ?? true {
              return "has no program for \(name); use a list such as [\"python3\", \"measure.py\"]"
            }
          }
          return nil
        }), absent: "none")
    $0.add(
      "timeoutSeconds", \.timeoutSeconds,
      "Seconds that a program may take for one detector; without an answer by then the search pauses.",
      .between(0.001...1e8))
    $0.add(
      "measuresFront", \.measuresFront,
      "Whether a stage ends by measuring the members of its front again, and what was disturbed, interleaved with one another."
    )
  }
}

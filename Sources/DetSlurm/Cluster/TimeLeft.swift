/// How long a job may go on, by what the scheduler says of it.
enum TimeLeft {
  /// Seconds to a job's time limit; nil when it has none.
  static func seconds(of description: [String: String]) -> Double? {
    guard let limit = description["TimeLimit"].flatMap(seconds(text:)),
      let used = description["RunTime"].flatMap(seconds(text:))
    else { return nil }
    return limit - used
  }

  /// Reads a span as Slurm writes it: `10:00`, `01:00:00`, `2-00:00:00`; nil for `UNLIMITED` and other words.
  static func seconds(text: String) -> Double? {
    let days = text.split(separator: "-", maxSplits: 1)
    let parts = (days.last ?? "").split(separator: ":").map { Double($0) }
    guard !parts.isEmpty, parts.count <= 3, !parts.contains(nil) else { return nil }
    let clock = parts.compactMap { $0 }.reduce(0) { $0 * 60 + $1 }
    guard days.count == 2 else { return clock }
    return Double(days[0]).map { $0 * 86400 + clock }
  }
}

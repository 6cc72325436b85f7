import DetBasics
import Foundation

extension TrialEvent {
  /// Reads one event from a line, as `JSON.decode` does; the events of which there are thousands in a run are read some ten times as fast.
  ///
  /// - Parameters:
  ///   - text: the line.
  ///   - source: where it stands, for errors.
  /// - Returns: the event.
  /// - Throws: a `JSONError` when it is none.
  public static func read(_ text: String, source: String) throws -> TrialEvent {
    let node = try JSON.parse(Data(text.utf8), source: source)
    return try plainEpoch(node) ?? JSON.decode(TrialEvent.self, from: node, source: source)
  }

  /// The end of an epoch, written as this program writes it; nil for whatever else it is, and for all that is wrong.
  private static func plainEpoch(_ node: JSONNode) -> TrialEvent? {
    guard case .object(let members) = node.value, members.count == 3,
      case .string("epoch")? = node["event"]?.value,
      case .number(let spelling)? = node["epoch"]?.value, let epoch = Int(spelling),
      case .object(let results)? = node["metrics"]?.value
    else { return nil }
    var metrics = [String: Double](minimumCapacity: results.count)
    for result in results {
      guard case .number(let spelling) = result.node.value, let value = Double(spelling),
        value.isFinite
      else { return nil }
      metrics[result.key] = value
    }
    return .epoch(epoch, metrics: metrics)
  }
}

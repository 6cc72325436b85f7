import DetBasics
import Foundation

extension TrialEvent.Step {
  /// The moment in a line for people: `epoch 2, step 40/120: loss 1.23, rate 0.02, 12.3 images/s, 1 % waiting, 3 min left`.
  public var line: String {
    var parts: [String] = []
    if let loss = metrics["loss"] { parts.append("loss \(loss.figures(3))") }
    if let rate = metrics["rate"] { parts.append(String(format: "rate %.2g", rate)) }
    if let speed = metrics["imagesPerSecond"] { parts.append("\(speed.figures(3)) images/s") }
    if let waiting = metrics["waiting"] { parts.append("\((100 * waiting).fixed(0)) % waiting") }
    if let left = metrics["secondsLeft"] {
      parts.append("\(Durations.text(seconds: left)) left")
    }
    return "epoch \(epoch), step \(step)/\(steps): \(parts.joined(separator: ", "))"
  }
}

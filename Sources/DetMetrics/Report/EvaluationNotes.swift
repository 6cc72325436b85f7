import DetBasics
import Foundation

/// What must be known beside the numbers of an evaluation, so that nobody takes them for what they are not.
///
/// ```swift
/// for note in EvaluationNotes(evaluator, result).lines { print("note: \(note)") }
/// ```
public struct EvaluationNotes: Sendable {
  /// A sentence for each note; none where the numbers are what everybody expects.
  public let lines: [String]

  /// Looks for what makes the numbers other than they seem.
  ///
  /// - Parameters:
  ///   - evaluator: truth and detections.
  ///   - result: what the evaluator found.
  ///   - summary: the numbers that are shown of a result.
  public init(
    _ evaluator: COCOEvaluator, _ result: COCOResult,
    summary: (COCOResult) -> COCOSummary = { $0.summary }
  ) {
    lines =
      Self.annotationZero(evaluator, result, summary) + Self.beyondTheLimit(evaluator, result)
  }

  /// pycocotools reads the id 0 of a matched annotation as "not matched".
  private static func annotationZero(
    _ evaluator: COCOEvaluator, _ result: COCOResult, _ summary: (COCOResult) -> COCOSummary
  ) -> [String] {
    guard !evaluator.parameters.matchesIDZero,
      evaluator.truth.annotations.contains(where: { $0.id == 0 })
    else { return [] }
    let (mine, other) = (summary(result), summary(evaluator.matchingIDZero().finish()))
    guard mine != other else { return [] }
    return [
      "annotation 0 never counts as found, by pycocotools' rules, which take the id 0 for none; "
        + "tools without that oddity give AP \(text(other.AP)), AP50 \(text(other.AP50)), and so do --errors and "
        + "VOC's metric; number the annotations from 1"
    ]
  }

  /// Objects that cannot be found, and detections that are not looked at, because an image has too many of a class.
  private static func beyondTheLimit(
    _ evaluator: COCOEvaluator, _ result: COCOResult
  ) -> [String] {
    let limits = evaluator.parameters.detectionLimits
    let limit = limits.last ?? 0
    let truths = Crowding(
      evaluator.truth.annotations.lazy.filter { !evaluator.parameters.leavesOut($0) }
        .map { ($0.imageID, $0.categoryID) }, limit: limit)
    let detections = Crowding(evaluator.places, limit: limit)
    let most = max(truths.most, detections.most)
    guard most > limit else { return [] }
    let all = (limits.dropLast() + [most]).map(String.init).joined(separator: ",")
    var parts: [String] = []
    if truths.most > limit {
      parts.append(
        "\(images(truths.images)) more than \(limit) truths of a class (up to \(truths.most)), of which at most "
          + "\(limit) can be found")
    }
    if detections.beyond > 0 {
      parts.append(
        "\(images(detections.images)) more than \(limit) detections of a class, of which \(detections.beyond) are not judged"
      )
    }
    return [parts.joined(separator: "; ") + "; --max-dets \(all) judges all"]
  }

  private static func images(_ count: Int) -> String {
    count == 1 ? "1 image has" : "\(count) images have"
  }

  private static func text(_ value: Double) -> String { String(format: "%.3f", value) }
}

/// How many things of one class an image has, where that is more than a limit.
private struct Crowding {
  /// The most of one class in one image.
  private(set) var most = 0
  /// Images with more than the limit of some class.
  private(set) var images = 0
  /// How many there are beyond the limit, all together.
  private(set) var beyond = 0

  init<Image: Hashable, Class: Hashable>(
    _ things: some Sequence<(Image, Class)>, limit: Int
  ) {
    var perImage: [Image: Int] = [:]
    for (image, _) in things { perImage[image, default: 0] += 1 }
    // Few images have so much that classes must be told apart.
    let full = perImage.filter { $0.value > limit }
    guard !full.isEmpty else { return }
    var perClass: [Image: [Class: Int]] = [:]
    for (image, kind) in things where full[image] != nil {
      perClass[image, default: [:]][kind, default: 0] += 1
    }
    for counts in perClass.values {
      most = max(most, counts.values.max() ?? 0)
      if counts.values.contains(where: { $0 > limit }) { images += 1 }
      beyond += counts.values.reduce(0) { $0 + max(0, $1 - limit) }
    }
  }
}

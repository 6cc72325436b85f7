import DetBasics

/// What turns features, or proposals, into detections.
public enum HeadSpec: Hashable, Sendable, TextCodable {
  /// One step over proposed regions, with two fully connected layers (Girshick 2015).
  case rcnn
  /// 2, 3 or 4 such steps with rising IoU thresholds, each from the boxes of the one before (Cai & Vasconcelos 2018).
  case cascade(steps: Int)
  /// Dense prediction under the focal loss (Lin et al. 2017).
  case retinanet

  /// The numbers of steps a cascade can have.
  public static let cascadeSteps = 2...4

  /// The word that a head's text begins with.
  private enum Word: String, CaseIterable { case rcnn, cascade, retinanet }

  /// Reads `rcnn`, `cascade 3` or `retinanet`.
  public init(text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    let word = words.first.flatMap(Word.init(rawValue:))
    switch word {
    case .rcnn? where words.count == 1: self = .rcnn
    case .retinanet? where words.count == 1: self = .retinanet
    case .cascade?:
      guard words.count == 2, let steps = decimal(words[1]), Self.cascadeSteps.contains(steps)
      else {
        throw SpecError.syntax(
          part: "head", text: text, expected: "cascade 2, cascade 3 or cascade 4")
      }
      self = .cascade(steps: steps)
    case .rcnn?, .retinanet?, nil:
      throw SpecError.syntax(
        part: "head", text: text,
        expected: "rcnn, retinanet or cascade with 2, 3 or 4 steps, as in cascade 3"
          + Spelling.hint(for: words.first ?? "", among: Word.allCases.map(\.rawValue)))
    }
  }

  /// Fails when a cascade has too few or too many steps.
  func check() throws {
    switch self {
    case .rcnn, .retinanet: return
    case .cascade(let steps):
      guard !Self.cascadeSteps.contains(steps) else { return }
      throw SpecError.invalid(
        part: "head", value: text, reason: "a cascade has 2 to 4 steps",
        cure: steps < 2 ? "use rcnn or cascade 2" : "use cascade 4")
    }
  }

  /// The canonical text.
  public var text: String {
    switch self {
    case .rcnn, .retinanet: word.rawValue
    case .cascade(let steps): "\(word.rawValue) \(steps)"
    }
  }

  private var word: Word {
    switch self {
    case .rcnn: .rcnn
    case .cascade: .cascade
    case .retinanet: .retinanet
    }
  }
}

import DetBasics

/// What proposes regions to a second stage.
public enum ProposalSpec: String, CaseIterable, Hashable, Sendable, TextCodable {
  /// Nothing: a one-stage detector.
  case none
  /// The region proposal network (Ren et al. 2015).
  case rpn
  /// The guided anchoring RPN (Wang et al. 2019).
  case guidedAnchoring = "ga-rpn"

  /// Reads `none`, `rpn` or `ga-rpn`.
  public init(text: String) throws {
    guard let value = Self(rawValue: text) else {
      let names = Self.allCases.map(\.rawValue)
      throw SpecError.syntax(
        part: "proposals", text: text,
        expected: "one of \(names.joined(separator: ", "))" + Spelling.hint(for: text, among: names)
      )
    }
    self = value
  }

  /// The canonical text.
  public var text: String { rawValue }

  // Said out loud: between a raw value's coding and a text's the compiler would choose neither, and write its own.

  /// Reads the text out of a JSON string.
  public init(from decoder: any Decoder) throws { self = try Self.read(from: decoder) }

  /// Writes the text as a JSON string.
  public func encode(to encoder: any Encoder) throws { try write(to: encoder) }
}

/// What turns features, or proposals, into detections.
public enum HeadSpec: Hashable, Sendable, TextCodable {
  /// One refinement with two fully connected layers (Girshick 2015).
  case rcnn
  /// Several refinements with rising IoU thresholds (Cai & Vasconcelos 2018); 2, 3 or 4 steps.
  case cascade(steps: Int)
  /// Dense prediction under the focal loss (Lin et al. 2017).
  case retinanet

  /// The numbers of steps a cascade can have.
  public static let cascadeSteps = 2...4

  /// Reads `rcnn`, `cascade 3` or `retinanet`.
  public init(text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    switch words.first {
    case "rcnn" where words.count == 1: self = .rcnn
    case "retinanet" where words.count == 1: self = .retinanet
    case "cascade":
      guard words.count == 2, let steps = decimal(words[1]), Self.cascadeSteps.contains(steps)
      else {
        throw SpecError.syntax(
          part: "head", text: text, expected: "cascade 2, cascade 3 or cascade 4")
      }
      self = .cascade(steps: steps)
    default:
      let names = ["rcnn", "cascade", "retinanet"]
      throw SpecError.syntax(
        part: "head", text: text,
        expected: "rcnn, retinanet or cascade with 2, 3 or 4 steps, as in cascade 3"
          + Spelling.hint(for: words.first ?? "", among: names))
    }
  }

  /// Fails when a cascade has too few or too many steps.
  func check() throws {
    guard case .cascade(let steps) = self, !Self.cascadeSteps.contains(steps) else { return }
    throw SpecError.invalid(
      part: "head", value: text, reason: "a cascade has 2 to 4 steps",
      cure: steps < 2 ? "use rcnn or cascade 2" : "use cascade 4")
  }

  /// The canonical text.
  public var text: String {
    switch self {
    case .rcnn: "rcnn"
    case .cascade(let steps): "cascade \(steps)"
    case .retinanet: "retinanet"
    }
  }

  /// The number of refinements of a proposal: 1 for rcnn, 2 to 4 for a cascade, 0 for a one-stage head.
  public var refinements: Int {
    switch self {
    case .rcnn: 1
    case .cascade(let steps): steps
    case .retinanet: 0
    }
  }
}

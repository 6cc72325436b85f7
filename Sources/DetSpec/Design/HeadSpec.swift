import DetBasics

/// What turns features, or proposals, into detections.
///
/// Text: `rcnn`, `cascade 3` or `retinanet`; behind it the channels inside, where they are not the usual ones: `rcnn 512`,
/// `cascade 3 512`, `retinanet 128`. Those of a head over regions are the width of its fully connected layers, usually the
/// recipe's (1,024); those of RetinaNet are its towers', usually as many as the pyramid has.
public enum HeadSpec: Hashable, Sendable, TextCodable {
  /// One step over proposed regions, with two fully connected layers (Girshick 2015).
  case rcnn(channels: Int? = nil)
  /// 2, 3 or 4 such steps with rising IoU thresholds, each from the boxes of the one before (Cai & Vasconcelos 2018).
  case cascade(steps: Int, channels: Int? = nil)
  /// Dense prediction under the focal loss (Lin et al. 2017).
  case retinanet(channels: Int? = nil)

  /// The numbers of steps a cascade can have.
  public static let cascadeSteps = 2...4
  /// The channels that can be written.
  public static let channels = 8...4096

  /// The word that a head's text begins with.
  private enum Word: String, CaseIterable { case rcnn, cascade, retinanet }

  /// Reads `rcnn`, `cascade 3` or `retinanet`, each with or without channels.
  public init(text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    let rest = words.dropFirst()
    switch words.first.flatMap(Word.init(rawValue:)) {
    case .rcnn?: self = .rcnn(channels: try Self.channels(rest, behind: "rcnn", text))
    case .retinanet?:
      self = .retinanet(channels: try Self.channels(rest, behind: "retinanet", text))
    case .cascade?:
      guard let steps = rest.first.flatMap({ decimal($0) }), Self.cascadeSteps.contains(steps)
      else {
        throw SpecError.syntax(
          part: "head", text: text, expected: "cascade 2, cascade 3 or cascade 4")
      }
      let channels = try Self.channels(rest.dropFirst(), behind: "cascade \(steps)", text)
      self = .cascade(steps: steps, channels: channels)
    case nil:
      throw SpecError.syntax(
        part: "head", text: text,
        expected: "rcnn, retinanet or cascade with 2, 3 or 4 steps, as in cascade 3"
          + Spelling.hint(for: words.first ?? "", among: Word.allCases.map(\.rawValue)))
    }
    try check()
  }

  /// The channels that end a text; nil where there are none.
  private static func channels(
    _ words: ArraySlice<String>, behind kind: String, _ text: String
  ) throws -> Int? {
    guard let word = words.first else { return nil }
    guard words.count == 1, let channels = decimal(word) else {
      throw SpecError.syntax(
        part: "head", text: text,
        expected: "\(kind), or \(kind) with channels, as in \(kind) 512")
    }
    return channels
  }

  /// Fails when a cascade has too few or too many steps, or channels cannot be built.
  func check() throws {
    switch self {
    case .cascade(let steps, _) where !Self.cascadeSteps.contains(steps):
      throw SpecError.invalid(
        part: "head", value: text, reason: "a cascade has 2 to 4 steps",
        cure: steps < 2 ? "use rcnn or cascade 2" : "use cascade 4")
    case .rcnn(let channels), .cascade(_, let channels), .retinanet(let channels):
      guard let channels, !Self.canHave(channels: channels) else { return }
      throw SpecError.invalid(
        part: "head channels", value: "\(channels)",
        reason:
          "they are a multiple of 8 from \(Self.channels.lowerBound) to \(Self.channels.upperBound)",
        cure: "use 256, 512 or 1024")
    }
  }

  /// Whether channels can be written: they are a multiple of 8 within ``channels``, so that norms can group them.
  package static func canHave(channels: Int) -> Bool {
    Self.channels.contains(channels) && channels.isMultiple(of: 8)
  }

  /// The canonical text.
  public var text: String {
    switch self {
    case .rcnn(let channels), .retinanet(let channels): Self.text(word.rawValue, channels)
    case .cascade(let steps, let channels): Self.text("\(word.rawValue) \(steps)", channels)
    }
  }

  private static func text(_ kind: String, _ channels: Int?) -> String {
    channels.map { "\(kind) \($0)" } ?? kind
  }

  private var word: Word {
    switch self {
    case .rcnn: .rcnn
    case .cascade: .cascade
    case .retinanet: .retinanet
    }
  }
}

import DetBasics

/// A whole detector as data: input size, backbone, neck, proposals, head.
///
/// ```swift
/// let design = try DetectorDesign(text: "800x600 | resnet50 | fpn P1-P5 256 | rpn | cascade 3")
/// design.text  // the same text
/// ```
public struct DetectorDesign: Hashable, Sendable, TextCodable {
  /// The size images are fitted into.
  public let input: InputSize
  /// The backbone.
  public let backbone: BackboneSpec
  /// The neck.
  public let neck: NeckSpec
  /// The proposals.
  public let proposals: ProposalSpec
  /// The head.
  public let head: HeadSpec

  /// A design whose parts go together.
  public init(
    input: InputSize, backbone: BackboneSpec, neck: NeckSpec, proposals: ProposalSpec,
    head: HeadSpec
  ) throws {
    self.input = input
    self.backbone = backbone
    self.neck = neck
    self.proposals = proposals
    self.head = head.written(behind: neck)
    try backbone.check()
    try neck.check()
    try head.check()
    try checkCombination()
    try checkGuidedAnchoring()
  }

  private func checkCombination() throws {
    switch (proposals, head) {
    case (.none, .rcnn), (.none, .cascade):
      throw SpecError.invalid(
        part: "proposals", value: "none", reason: "the head \(head.text) needs proposals",
        cure: "use rpn or ga-rpn, or the head retinanet")
    case (.rpn, .retinanet), (.guidedAnchoring, .retinanet):
      throw SpecError.invalid(
        part: "proposals", value: proposals.text, reason: "the head retinanet takes none",
        cure: "use none, or the head rcnn or cascade")
    case (.none, .retinanet), (.rpn, .rcnn), (.rpn, .cascade), (.guidedAnchoring, .rcnn),
      (.guidedAnchoring, .cascade):
      break
    }
    switch (neck, head) {
    case (.fpn, .rcnn), (.fpn, .cascade), (.fpn, .retinanet), (.none, .rcnn(nil)): break
    case (.none, .rcnn(let channels?)):
      throw SpecError.invalid(
        part: "head", value: head.text,
        reason: "without a neck the backbone's last stage stands where its \(channels) channels "
          + "would",
        cure: "use rcnn, or an fpn such as fpn P1-P5 128")
    case (.none, .cascade), (.none, .retinanet):
      throw SpecError.invalid(
        part: "neck", value: "none", reason: "the head \(head.text) needs a pyramid",
        cure: "use an fpn such as fpn P1-P5 128, or the head rcnn")
    }
  }

  /// Guided anchoring deforms its features in groups, which must divide the channels.
  private func checkGuidedAnchoring() throws {
    switch (proposals, neck) {
    case (.none, .none), (.none, .fpn), (.rpn, .none), (.rpn, .fpn), (.guidedAnchoring, .fpn):
      return  // The channels of an fpn are a multiple of 8.
    case (.guidedAnchoring, .none):
      let channels = BackboneLayout(backbone).channels(at: NeckSpec.levelWithoutNeck)
      let groups = GuidedAnchoringLayout.deformableGroups
      guard !channels.isMultiple(of: groups) else { return }
      throw SpecError.invalid(
        part: "proposals", value: proposals.text,
        reason: "it needs a multiple of \(groups) channels, and stride 16 of \(backbone.text) has "
          + "\(channels)",
        cure: "use rpn, an fpn, or base channels that are a multiple of 4")
    }
  }

  /// Reads `input | backbone | neck | proposals | head`.
  public init(text: String) throws {
    let parts = text.utf8.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
      .map { Self.normalized(Substring($0)) }
    guard parts.count == 5 else {
      throw SpecError.syntax(
        part: "design", text: text,
        expected: "five parts: input | backbone | neck | proposals | head, as in "
          + "800x600 | resnet50 | fpn P1-P5 256 | rpn | rcnn")
    }
    try self.init(
      input: InputSize(text: parts[0]), backbone: BackboneSpec(text: parts[1]),
      neck: NeckSpec(text: parts[2]), proposals: ProposalSpec(text: parts[3]),
      head: HeadSpec(text: parts[4]))
  }

  /// The words of a part, one space between them.
  static func normalized(_ part: Substring) -> String {
    let words = part.unicodeScalars.split { scalar in
      scalar.isASCII ? scalar == " " || 9...13 ~= scalar.value : scalar.properties.isWhitespace
    }
    return words.map { String($0) }.joined(separator: " ")
  }

  /// The canonical text.
  public var text: String { parts.map(\.text).joined(separator: " | ") }

  /// The parts in the order of the text, with their names.
  package var parts: [(name: String, text: String)] {
    [
      ("input", input.text), ("backbone", backbone.text), ("neck", neck.text),
      ("proposals", proposals.text), ("head", head.text),
    ]
  }

  /// What the design is called across runs: a hash of its canonical text.
  public var identity: String { StableHash.hex(of: text) }
}

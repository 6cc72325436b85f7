package import DetBasics
package import DetSpec

/// The five parts of a design that stage one exchanges.
enum StructuralPart: CaseIterable {
  case input, backbone, neck, proposals, head

  func isEqual(_ left: DetectorDesign, _ right: DetectorDesign) -> Bool {
    switch self {
    case .input: left.input == right.input
    case .backbone: left.backbone == right.backbone
    case .neck: left.neck == right.neck
    case .proposals: left.proposals == right.proposals
    case .head: left.head == right.head
    }
  }
}

extension StructuralSpace {
  /// Exchanges one part, chosen at random, for another of the plan's list.
  ///
  /// An input size becomes a neighbouring one. Where the new part does not go with the others (a RetinaNet head with
  /// proposals), as few of neck, proposals and head as possible follow it. When every exchange of the chosen part
  /// leads to designs that were tried, the other parts get their turn.
  package func mutation(
    of parent: DetectorDesign, _ generator: inout Generator, isFree: (Int) -> Bool
  ) -> DetectorDesign? {
    for part in generator.shuffled(StructuralPart.allCases) {
      let choices = exchanges(of: part, in: parent).compactMap { options in
        options.filter { index(of: $0).map(isFree) ?? false }
      }.filter { !$0.isEmpty }
      guard let options = generator.pick(choices) else { continue }
      return generator.pick(options)
    }
    return nil
  }

  /// For each other value of a part, the valid designs that need the fewest further changes.
  func exchanges(of part: StructuralPart, in parent: DetectorDesign) -> [[DetectorDesign]] {
    switch part {
    case .input:
      neighbours(of: parent.input).map { nearest(to: parent, inputs: [$0]) }
    case .backbone:
      others(parts.backbones, than: parent.backbone).map { nearest(to: parent, backbones: [$0]) }
    case .neck:
      others(parts.necks, than: parent.neck).map { nearest(to: parent, necks: [$0]) }
    case .proposals:
      others(parts.proposals, than: parent.proposals).map { nearest(to: parent, proposals: [$0]) }
    case .head:
      others(parts.heads, than: parent.head).map { nearest(to: parent, heads: [$0]) }
    }
  }

  private func others<Part: Equatable>(_ list: [Part], than part: Part) -> [Part] {
    list.filter { $0 != part }
  }

  private func neighbours(of input: InputSize) -> [InputSize] {
    guard let place = parts.inputs.firstIndex(of: input) else { return parts.inputs }
    return [place - 1, place + 1].filter(parts.inputs.indices.contains).map { parts.inputs[$0] }
  }

  /// The designs with the given part that differ from the parent in the fewest parts; input and backbone never follow.
  private func nearest(
    to parent: DetectorDesign, inputs: [InputSize]? = nil, backbones: [BackboneSpec]? = nil,
    necks: [NeckSpec]? = nil, proposals: [ProposalSpec]? = nil, heads: [HeadSpec]? = nil
  ) -> [DetectorDesign] {
    var found: [DetectorDesign] = []
    var least = Double.infinity
    for neck in necks ?? parts.necks {
      for proposal in proposals ?? parts.proposals {
        for head in heads ?? parts.heads {
          let combined = Self.combine(
            inputs?[0] ?? parent.input, backbones?[0] ?? parent.backbone, neck, proposal, head)
          guard case .success(let design) = combined, index(of: design) != nil else { continue }
          let distance = distance(parent, design)
          if distance < least { (found, least) = ([], distance) }
          if distance == least { found.append(design) }
        }
      }
    }
    return found
  }
}

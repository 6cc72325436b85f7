// The partial order of designs (partial order pruning, Li et al. 2019): x is below y when x comes from y by
// removing blocks, levels or cascade steps and by narrowing or shrinking, and is larger nowhere. Then x costs no
// more than y, and is expected to be no more accurate.

extension DetectorDesign {
  /// Whether this design comes from `other` by removing and narrowing alone; no design is below itself.
  ///
  /// ```swift
  /// let small = try DetectorDesign(text: "512x512 | resnet50 | fpn P1-P5 128 | rpn | cascade 2")
  /// let large = try DetectorDesign(text: "800x600 | resnet101 | fpn P1-P5 256 | rpn | cascade 3")
  /// small.isBelow(large)  // true
  /// ```
  ///
  /// Input sides, backbone, pyramid channels, levels, cascade steps and head channels must all be at most the other's, and the
  /// kinds of proposals and head the same. An `rcnn` head is not below a cascade: its boxes are predicted per
  /// class, so it is no part of one. Of the recipe, which both are trained by, the head's width counts where a design has none.
  public func isBelow(_ other: DetectorDesign, recipe: Recipe = .paper) -> Bool {
    !isTurned(other, recipe) && input.isAtMost(other.input) && proposals == other.proposals
      && hasHeadAtMost(other, recipe) && neck.isAtMost(other.neck)
      && (backbone == other.backbone || backbone.isBelow(other.backbone))
  }

  /// Whether the two are one network, but for the orientation in which the input is written.
  private func isTurned(_ other: DetectorDesign, _ recipe: Recipe) -> Bool {
    input.landscape == other.input.landscape && backbone == other.backbone && neck == other.neck
      && proposals == other.proposals && head.isAlike(other.head)
      && headChannels(recipe: recipe) == other.headChannels(recipe: recipe)
  }

  private func hasHeadAtMost(_ other: DetectorDesign, _ recipe: Recipe) -> Bool {
    // Without a neck there are no channels; such a design compares with its like alone.
    let (own, others) = (headChannels(recipe: recipe), other.headChannels(recipe: recipe))
    return head.isAtMost(other.head) && (own ?? 0) <= (others ?? 0)
  }
}

extension BackboneSpec {
  /// Whether this backbone comes from `other` by removing blocks and narrowing alone.
  ///
  /// Published networks compare within a family (ResNet-18 and 34; 50 and 101; ResNeXt-50 and 101; MobileNetV2),
  /// coded ones with the same block. A coded network is never comparable to a published one: the stems differ.
  public func isBelow(_ other: BackboneSpec) -> Bool {
    switch (self, other) {
    case (.coded(let code), .coded(let otherCode)):
      code.isBelow(otherCode)
    case (.classic(let name, let base), .classic(let otherName, let otherBase)):
      self != other && name.block == otherName.block && base <= otherBase
        && zip(name.blocks, otherName.blocks).allSatisfy(<=)
    case (.coded, .classic), (.classic, .coded):
      false
    }
  }
}

extension StageCode {
  /// Whether this code comes from `other` by removing blocks and narrowing alone; no code is below itself.
  ///
  /// With the same block and a stem at most as wide, the blocks of every stage must be matched, in order, by
  /// blocks of the same stage of `other` that are at least as wide. An xbottleneck must be doubled at least as
  /// often too: its groups get wider with every doubling.
  public func isBelow(_ other: StageCode) -> Bool {
    guard self != other, block == other.block, base <= other.base else { return false }
    var mine = 0
    var others = 0
    for (stage, otherStage) in zip(doubles, other.doubles) {
      var index = 0
      for doubling in stage {
        mine += doubling ? 1 : 0
        // Widths never fall along a code, so the earliest block that matches leaves the most for the rest.
        var isMatched = false
        while index < otherStage.count, !isMatched {
          others += otherStage[index] ? 1 : 0
          index += 1
          isMatched = base << mine <= other.base << others
          if block.widensGroups, mine > others { isMatched = false }
        }
        guard isMatched else { return false }
      }
      others += otherStage[index...].count { $0 }
    }
    return true
  }
}

extension InputSize {
  fileprivate func isAtMost(_ other: InputSize) -> Bool {
    let (own, other) = (landscape, other.landscape)
    return own.width <= other.width && own.height <= other.height
  }
}

extension NeckSpec {
  fileprivate func isAtMost(_ other: NeckSpec) -> Bool {
    switch (self, other) {
    case (.none, .none): true
    case (.fpn(let finest, let coarsest, let channels), .fpn(let lowest, let highest, let most)):
      lowest <= finest && coarsest <= highest && channels <= most
    case (.none, .fpn), (.fpn, .none): false
    }
  }
}

extension HeadSpec {
  /// Whether the kind is the same and no step is more; channels apart.
  fileprivate func isAtMost(_ other: HeadSpec) -> Bool {
    switch (self, other) {
    case (.rcnn, .rcnn), (.retinanet, .retinanet): true
    case (.cascade(let steps, _), .cascade(let most, _)): steps <= most
    case (.rcnn, .cascade), (.rcnn, .retinanet), (.cascade, .rcnn), (.cascade, .retinanet),
      (.retinanet, .rcnn), (.retinanet, .cascade):
      false
    }
  }
}

extension HeadSpec {
  /// The channels that are built behind a pyramid: those that are written, or else the recipe's width of fully connected
  /// layers, in RetinaNet's towers the pyramid's channels.
  public func channels(behindPyramidOf pyramid: Int, recipe: Recipe) -> Int {
    switch self {
    case .rcnn(let own), .cascade(_, let own): own ?? recipe.detection.headWidth
    case .retinanet(let own): own ?? pyramid
    }
  }

  /// The head with other channels, unwritten where they are the recipe's.
  ///
  /// Those of RetinaNet's towers are left out by the design, which knows its pyramid.
  package func with(channels: Int, recipe: Recipe) -> HeadSpec {
    let overRegions = channels == recipe.detection.headWidth ? nil : channels
    return switch self {
    case .rcnn: .rcnn(channels: overRegions)
    case .cascade(let steps, _): .cascade(steps: steps, channels: overRegions)
    case .retinanet: .retinanet(channels: channels)
    }
  }

  /// The head in the way it is written in front of a neck: RetinaNet's channels are left out where they are the pyramid's.
  func written(behind neck: NeckSpec) -> HeadSpec {
    switch (self, neck) {
    case (.retinanet(let own), .fpn(_, _, let pyramid)):
      .retinanet(channels: own == pyramid ? nil : own)
    case (.rcnn, .none), (.rcnn, .fpn), (.cascade, .none), (.cascade, .fpn), (.retinanet, .none):
      self
    }
  }

  /// Whether its channels are written, and not the usual ones.
  package var saysChannels: Bool {
    switch self {
    case .rcnn(let own), .cascade(_, let own), .retinanet(let own): own != nil
    }
  }

  /// Whether the two differ in nothing but channels.
  package func isAlike(_ other: HeadSpec) -> Bool {
    switch (self, other) {
    case (.rcnn, .rcnn), (.retinanet, .retinanet): true
    case (.cascade(let steps, _), .cascade(let others, _)): steps == others
    case (.rcnn, .cascade), (.rcnn, .retinanet), (.cascade, .rcnn), (.cascade, .retinanet),
      (.retinanet, .rcnn), (.retinanet, .cascade):
      false
    }
  }
}

extension DetectorDesign {
  /// The channels that are built inside the head, as a recipe builds it: of its fully connected layers, or of its towers. Nil
  /// without a neck, where the backbone's last stage does their work.
  ///
  /// ```swift
  /// try DetectorDesign(text: "512x512 | resnet18 | fpn P1-P4 128 | rpn | rcnn 512").headChannels()  // 512
  /// try DetectorDesign(text: "512x512 | resnet18 | fpn P1-P4 128 | rpn | rcnn").headChannels()  // 1024
  /// ```
  public func headChannels(recipe: Recipe = .paper) -> Int? {
    switch neck {
    case .none: nil
    case .fpn(_, _, let pyramid): head.channels(behindPyramidOf: pyramid, recipe: recipe)
    }
  }
}

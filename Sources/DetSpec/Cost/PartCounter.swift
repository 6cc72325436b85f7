/// Counts the layers of each part of a design, by the definitions that the network's builder follows too.
struct PartCounter {
  let design: DetectorDesign
  let layout: BackboneLayout
  let shapes: DesignShapes
  let classes: Int
  let settings: DetectionSettings
  let normalizesNeckAndHead: Bool

  /// Cells along each side of a pooled region: 7, or 14 in front of a last stage that halves them.
  static let regionSide = 7
  /// Convolutions in each of RetinaNet's two towers (Lin et al. 2017, section 4).
  static let towerDepth = 4

  func backbone() -> PartCost {
    var height = shapes.inputHeight
    var width = shapes.inputWidth
    var total = CostCount()
    for layer in layout.stem {
      total.add(layer, height: height, width: width)
      (height, width) = (layer.output(of: height), layer.output(of: width))
    }
    for block in layout.stemBlocks { total.add(block, height: height, width: width) }
    var levels = [LevelCost("stem", total)]
    if layout.poolsStem { (height, width) = ((height + 1) / 2, (width + 1) / 2) }
    for level in shapes.backbone {
      var count = CostCount()
      for block in layout.blocks(inStage: level.level.rawValue - 1) {
        count.add(block, height: height, width: width)
        (height, width) = (level.height, level.width)
      }
      levels.append(LevelCost(level.level.name, count))
      total += count
    }
    return PartCost(.backbone, total, levels: levels)
  }

  /// Lateral 1x1 and output 3x3 convolutions on the backbone's levels in range; levels beyond P4 are subsampled
  /// without parameters, but before a RetinaNet head made by 3x3/2 convolutions.
  func neck() -> PartCost {
    guard case .fpn(_, _, let channels) = design.neck else { return PartCost(.neck, CostCount()) }
    var total = CostCount()
    var levels: [LevelCost] = []
    var above: LevelShape?
    for level in shapes.levels {
      var count = CostCount()
      if level.level.isFromBackbone {
        let inChannels = shapes.backbone[level.level.rawValue - 1].channels
        let lateral = convolution(inChannels, channels, kernel: 1)
        count.add(lateral, height: level.height, width: level.width)
        let output = convolution(channels, channels, kernel: 3)
        count.add(output, height: level.height, width: level.width)
      } else if design.head == .retinanet, let finer = above {
        let extra = convolution(channels, channels, kernel: 3, stride: 2)
        count.add(extra, height: finer.height, width: finer.width)
      }
      above = level
      levels.append(LevelCost(level.level.name, count))
      total += count
    }
    return PartCost(.neck, total, levels: levels)
  }

  /// A 3x3 convolution, then 1x1 ones; all levels share them.
  func proposals() -> PartCost {
    guard let channels = shapes.levels.first?.channels else {
      return PartCost(.proposals, CostCount())
    }
    let anchors = design.anchorsPerCell(settings)
    switch design.proposals {
    case .none:
      return PartCost(.proposals, CostCount())
    case .rpn:
      return shared(
        .proposals,
        [
          Self.biased(channels, channels, kernel: 3), Self.biased(channels, anchors),
          Self.biased(channels, 4 * anchors),
        ])
    case .guidedAnchoring:
      return shared(.proposals, Self.guidedAnchoring(channels))
    }
  }

  /// Shared 3x3, location, shape, the deformable adaption with its offsets, score and box of one anchor a cell.
  /// Masked convolutions count as if nothing were masked.
  private static func guidedAnchoring(_ channels: Int) -> [ConvolutionLayout] {
    let offsets = GuidedAnchoring.deformableGroups * 2 * 9
    return [
      biased(channels, channels, kernel: 3), biased(channels, 1), biased(channels, 2),
      ConvolutionLayout(2, offsets, kernel: 1, hasNorm: false),
      ConvolutionLayout(channels, channels, kernel: 3, hasNorm: false),
      biased(channels, 1), biased(channels, 4),
    ]
  }

  func head() -> PartCost {
    switch design.head {
    case .rcnn where design.neck == .none: lastStageHead()
    case .rcnn: regionHead(steps: 1, boxOutputs: 4 * (classes + 1))
    case .cascade(let steps): regionHead(steps: steps, boxOutputs: 4)
    case .retinanet: denseHead()
    }
  }

  /// Pooled regions → width → width → scores of classes and background, and boxes; one such head a step.
  private func regionHead(steps: Int, boxOutputs: Int) -> PartCost {
    let channels = shapes.levels.first?.channels ?? 0
    let regions = regionCount
    var total = CostCount()
    for _ in 0..<steps {
      let cells = Self.regionSide * Self.regionSide
      total.addLinear(channels * cells, settings.headWidth, rows: regions)
      total.addLinear(settings.headWidth, settings.headWidth, rows: regions)
      total.addLinear(settings.headWidth, classes + 1, rows: regions)
      total.addLinear(settings.headWidth, boxOutputs, rows: regions)
    }
    return PartCost(.head, total)
  }

  /// The backbone's last stage on regions of 14x14, the mean over what comes out, scores and boxes.
  private func lastStageHead() -> PartCost {
    let regions = regionCount
    var side = 2 * Self.regionSide
    var total = CostCount()
    for block in layout.blocks(inStage: StageCode.stageCount - 1) {
      total.add(block, height: side, width: side, maps: regions)
      side = Self.regionSide
    }
    let channels = layout.channels(at: .p4)
    total.addLinear(channels, classes + 1, rows: regions)
    total.addLinear(channels, 4 * (classes + 1), rows: regions)
    return PartCost(.head, total)
  }

  /// Two towers, then scores (no background) and boxes of every anchor; all levels share them.
  private func denseHead() -> PartCost {
    let channels = shapes.levels.first?.channels ?? 0
    let anchors = design.anchorsPerCell(settings)
    let tower = convolution(channels, channels, kernel: 3)
    var layers = [ConvolutionLayout](repeating: tower, count: 2 * Self.towerDepth)
    layers.append(Self.biased(channels, anchors * classes, kernel: 3))
    layers.append(Self.biased(channels, 4 * anchors, kernel: 3))
    return shared(.head, layers)
  }

  /// Layers that every level runs through, each with the same weights.
  private func shared(_ part: DesignCost.Part, _ layers: [ConvolutionLayout]) -> PartCost {
    var total = CostCount()
    for layer in layers { total.addParameters(of: layer) }
    let levels = shapes.levels.map { level in
      var count = CostCount()
      for layer in layers { count.addRun(of: layer, height: level.height, width: level.width) }
      total += count
      return LevelCost(level.level.name, count)
    }
    return PartCost(part, total, levels: levels)
  }

  /// A convolution of neck or dense head: with a bias, or with a norm where the recipe normalises there.
  private func convolution(
    _ inChannels: Int, _ outChannels: Int, kernel: Int, stride: Int = 1
  ) -> ConvolutionLayout {
    ConvolutionLayout(
      inChannels, outChannels, kernel: kernel, stride: stride, hasBias: !normalizesNeckAndHead,
      hasNorm: normalizesNeckAndHead)
  }

  private static func biased(
    _ inChannels: Int, _ outChannels: Int, kernel: Int = 1
  ) -> ConvolutionLayout {
    ConvolutionLayout(inChannels, outChannels, kernel: kernel, hasBias: true, hasNorm: false)
  }

  /// Proposals that reach the head: what the recipe keeps, or fewer where guided anchoring does, but no more than there
  /// are anchors.
  private var regionCount: Int {
    let cells = shapes.levels.reduce(0) { $0 + $1.cells }
    let kept =
      design.proposals == .guidedAnchoring
      ? min(settings.testProposals, GuidedAnchoring.mostProposals) : settings.testProposals
    return min(kept, cells * design.anchorsPerCell(settings))
  }
}

extension DetectorDesign {
  /// Anchors at every cell of every level: one per ratio before an RPN (times five scales without a neck, 2 to 32
  /// strides by default), three scales per ratio in RetinaNet, one learnt shape with guided anchoring.
  public func anchorsPerCell(_ settings: DetectionSettings) -> Int {
    switch (proposals, neck) {
    case (.guidedAnchoring, _): 1
    case (.rpn, .none): 5 * settings.anchorRatios.count
    case (.rpn, .fpn): settings.anchorRatios.count
    case (.none, _): 3 * settings.anchorRatios.count
    }
  }
}

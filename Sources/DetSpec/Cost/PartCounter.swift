/// Counts the layers of each part of a detector.
struct PartCounter {
  let layout: DetectorLayout
  let shapes: DesignShapes

  func backbone() -> PartCost {
    let backbone = layout.backbone
    var height = shapes.inputHeight
    var width = shapes.inputWidth
    var total = CostCount()
    for layer in backbone.stem {
      total.add(layer, height: height, width: width)
      (height, width) = (layer.output(of: height), layer.output(of: width))
    }
    for block in backbone.stemBlocks { total.add(block, height: height, width: width) }
    var levels = [LevelCost("stem", total)]
    if backbone.poolsStem { (height, width) = ((height + 1) / 2, (width + 1) / 2) }
    for level in shapes.backbone {
      var count = CostCount()
      for block in backbone.blocks(inStage: level.level.rawValue - 1) {
        count.add(block, height: height, width: width)
        (height, width) = (level.height, level.width)
      }
      levels.append(LevelCost(level.level.name, count))
      total += count
    }
    return PartCost(.backbone, total, levels: levels)
  }

  func neck() -> PartCost {
    switch layout.neck {
    case .passThrough: PartCost(.neck, CostCount())
    case .pyramid(let pyramid): self.pyramid(pyramid)
    }
  }

  private func pyramid(_ pyramid: PyramidLayout) -> PartCost {
    var total = CostCount()
    var levels: [LevelCost] = []
    for (index, level) in pyramid.levels.enumerated() {
      let shape = shapes.levels[index]
      var count = CostCount()
      switch level.source {
      case .merged(let lateral, let output):
        count.add(lateral, height: shape.height, width: shape.width)
        count.add(output, height: shape.height, width: shape.width)
      case .subsampled: break
      case .convolved(let convolution):
        let finer = shapes.levels[index - 1]
        count.add(convolution, height: finer.height, width: finer.width)
      }
      levels.append(LevelCost(shape.level.name, count))
      total += count
    }
    return PartCost(.neck, total, levels: levels)
  }

  /// Masked convolutions count as if nothing were masked.
  func proposals() -> PartCost {
    layout.proposals.map { shared(.proposals, $0.layers) } ?? PartCost(.proposals, CostCount())
  }

  func head() -> PartCost {
    switch layout.head {
    case .regions(let head): regions(head)
    case .dense(let head): shared(.head, head.layers)
    }
  }

  private func regions(_ head: RegionHeadLayout) -> PartCost {
    let regions = regionCount
    var total = CostCount()
    for _ in 0..<head.steps {
      switch head.trunk {
      case .connected(let layers):
        for layer in layers { total.add(layer, rows: regions) }
      case .lastStage(let blocks):
        var side = head.bins
        for block in blocks {
          total.add(block, height: side, width: side, maps: regions)
          side = block.output(of: side)
        }
      }
      total.add(head.scores, rows: regions)
      total.add(head.deltas, rows: regions)
    }
    return PartCost(.head, total)
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

  /// The regions that reach the head: as many as the network hands on, but no more than there are anchors.
  private var regionCount: Int {
    guard let proposals = layout.proposals else { return 0 }
    return proposals.mostRegions(cells: shapes.levels.reduce(0) { $0 + $1.cells })
  }
}

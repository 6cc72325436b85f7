import DetBasics
import DetNN
package import DetSpec
package import DetTensor

/// The head over regions: one step (RCNN), or a cascade of them with rising thresholds (Cai & Vasconcelos 2018).
///
/// Each step of a cascade starts from the boxes of the step before and does not draw samples again. Its box
/// deltas serve all classes, and at test time the probabilities of all steps are averaged.
package struct RegionHeads {
  package let pooler: RegionPooler
  package let steps: [RegionHead]
  let settings: DetectionSettings
  let sampling: HeadSampling

  /// What a step's losses count for.
  static let stepWeights = [1, 0.5, 0.25, 0.125]

  /// Makes the head of a detector.
  ///
  /// - Parameters:
  ///   - root: where the detector's parameters lie: those of the head under `roi_heads`, those of the backbone's last
  ///     stage, which may be its trunk, where the backbone has them.
  ///   - layout: what it consists of.
  ///   - names: the names in the backbone.
  ///   - layers: what convolutions follow.
  ///   - settings: limits of what becomes a detection.
  ///   - sampling: which regions are learnt from.
  init(
    _ root: Scope, _ layout: RegionHeadLayout, names: BackboneNames, layers: LayerSettings,
    settings: DetectionSettings, sampling: HeadSampling
  ) {
    let scope = root / "roi_heads"
    pooler = RegionPooler(layout, isAligned: settings.alignsRegions)
    steps = (0..<layout.steps).map { step in
      let own = layout.steps > 1 ? scope / step : scope
      let trunk: RegionTrunk =
        switch layout.trunk {
        case .connected(let linear): .connected(own / "box_head", linear)
        case .lastStage(let blocks):
          .lastStage(
            BackboneStage(
              root / "backbone" / "body", blocks, stage: StageCode.stageCount - 1, names: names,
              layers))
        }
      return RegionHead(
        own / "box_predictor", layout, trunk,
        coder: .regions(step: step, share: sampling.deviationShare))
    }
    self.settings = settings
    self.sampling = sampling
  }

  func losses(
    _ levels: [Tensor], _ proposals: Regions, _ truths: TruthBatch, extents: ImageExtents,
    using generator: inout Generator
  ) -> Losses {
    var targets = sampled(proposals, truths, using: &generator)
    var losses = Losses()
    for (step, head) in steps.enumerated() {
      if step > 0 {
        let matches = matcher(step)(
          targets.regions.boxes, counts: targets.regions.counts, truths)
        targets = RegionTargets(regions: targets.regions, matches: matches, truths: truths)
        if truths.ignored != nil { targets = targets.leavingNeitherOut(truths) }
      }
      let output = head(pooler(levels, targets.regions))
      let name = steps.count > 1 ? "head.\(step + 1)" : "head"
      let own = head.losses(output, targets, truths, name: name)
      for part in own { losses.add(part.name, part.value * Self.stepWeights[step]) }
      if step < steps.count - 1 {
        targets = RegionTargets(
          regions: moved(targets.regions, by: head, output, extents: extents),
          matches: targets.matches, truths: truths)
      }
    }
    return losses
  }

  /// Proposals and truths together, matched at the first threshold and sampled.
  private func sampled(
    _ proposals: Regions, _ truths: TruthBatch, using generator: inout Generator
  ) -> RegionTargets {
    let (boxes, counts) = truths.appended(to: proposals.boxes, counts: proposals.counts)
    let matches = matcher(0)(boxes, counts: counts, truths)
    let sampler = Sampler(count: sampling.count, positiveShare: 0.25)
    let sample = sampler(matches, counts: counts, firstImage: truths.firstImage, using: &generator)
    let regions = Regions(
      boxes: boxes.rows(at: sample.indices), counts: zip(sample.positives, sample.negatives).map(+))
    return RegionTargets(
      regions: regions, matches: matches.rows(at: sample.indices), truths: truths)
  }

  private func matcher(_ step: Int) -> Matcher {
    .regions(step: step, atLeast: sampling.lowestIoU)
  }

  private func moved(
    _ regions: Regions, by head: RegionHead, _ output: RegionHead.Output, extents: ImageExtents
  ) -> Regions {
    let boxes = head.coder.decode(regions.boxes, output.deltas.detached())
    return Regions(
      boxes: boxes.boxesClipped(counts: regions.counts, to: extents), counts: regions.counts)
  }

  func detections(
    _ levels: [Tensor], _ proposals: Regions, extents: ImageExtents, _ selection: Selection
  ) -> ScoredBoxes {
    let last = output(levels, proposals, extents: extents)
    return ScoredBoxes.detections(
      regions: last.regions.boxes, counts: last.regions.counts, scores: last.scores,
      deltas: last.deltas, deviations: steps[steps.count - 1].coder.deviations, extents: extents,
      selection)
  }

  /// What the last step says of the regions that the step before made: scores [R, classes + 1] as all steps see them, and deltas.
  func output(
    _ levels: [Tensor], _ proposals: Regions, extents: ImageExtents
  ) -> (regions: Regions, scores: Tensor, deltas: Tensor) {
    var regions = proposals
    var probabilities: [Tensor] = []
    var last = steps[0](pooler(levels, regions))
    probabilities.append(last.scores.softmax(1))
    for step in steps.indices.dropFirst() {
      regions = moved(regions, by: steps[step - 1], last, extents: extents)
      last = steps[step](pooler(levels, regions))
      probabilities.append(last.scores.softmax(1))
    }
    let sum = probabilities.dropFirst().reduce(probabilities[0], +)
    return (regions, sum / Double(steps.count), last.deltas)
  }
}

extension DetectionSettings {
  /// What becomes a detection.
  package var selection: Selection {
    Selection(
      floor: scoreFloor, suppressionIoU: suppressionIoU, mostPerLevel: 1000,
      mostPerImage: detectionsPerImage)
  }
}

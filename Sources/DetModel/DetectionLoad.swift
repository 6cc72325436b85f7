import DetNN
import DetSpec
public import DetTensor

/// How much a detector has to do after its backbone and neck.
///
/// How long heads and suppression take depends on what is found, and a poor detector, which finds little, is fast. At the *full
/// load* every image has as many proposals as the recipe allows (or the network has anchors), and as many candidates for
/// detections: those that a dense head keeps of each level, or ten for each detection that a head over regions may return. So
/// random and trained weights have the same to do.
public struct DetectionLoad: Sendable, Equatable {
  /// Proposals of each image; nil for heads that need none.
  let proposals: Int?
  /// Candidates with a lower score are dropped.
  let scoreFloor: Double

  /// Candidates for each detection that is returned, as heads over regions have them at the full load.
  static let candidatesPerDetection = 10
}

extension Detector {
  /// The full load for one image [1, 3, H, W]; to be found before the time is taken, since it takes a detection of its own.
  public func fullLoad(_ image: Tensor, sizes: [ImageSize]? = nil) -> DetectionLoad {
    switch head {
    case .dense:
      return DetectionLoad(proposals: nil, scoreFloor: 0)
    case .regions(let heads, let network):
      return store.inferring(in: recipe.precision.dtype(on: image.device)) {
        fullLoad(of: heads, behind: network, features(image), self.extents(of: image, sizes))
      }
    }
  }

  private func fullLoad(
    of heads: RegionHeads, behind network: any ProposalNetwork, _ levels: [Tensor],
    _ extents: ImageExtents
  ) -> DetectionLoad {
    let cells = levels.reduce(0) { $0 + $1.shape[2] * $1.shape[3] }
    let layout = DetectorLayout(design, classes: classes, recipe: recipe)
    let most = layout.proposals?.mostRegions(cells: cells) ?? 0
    let regions = network.regions(levels, extents: extents).filled(to: most, extents: extents)
    let scores = heads.output(levels, regions, extents: extents).scores
    let ranked = scores.narrowed(dim: 1, from: 1, count: classes).flattened()
      .sorted(descending: true).values
    let wanted = DetectionLoad.candidatesPerDetection * recipe.detection.detectionsPerImage
    // The kernels keep what is above the floor; of the last one wanted, the next lower score is.
    let isEnough = wanted < ranked.shape[0]
    let floor = isEnough ? ranked.narrowed(dim: 0, from: wanted, count: 1).item() : 0
    return DetectionLoad(proposals: most, scoreFloor: floor)
  }
}

extension Regions {
  /// As many regions of each image as `most`: those that are too few are repeated in turn. An image without any gets its whole extent.
  func filled(to most: Int?, extents: ImageExtents) -> Regions {
    guard let most, counts.contains(where: { $0 < most }) else { return self }
    var rows: [Int] = []
    var start = 0
    var boxes = boxes
    for (image, count) in counts.enumerated() {
      if count == 0 {
        let whole = [0, 0, Float(extents.widths[image]), Float(extents.heights[image])]
        rows += Array(repeating: boxes.shape[0], count: most)
        let box = Tensor(whole, shape: [1, 4]).moved(to: boxes.device)
        boxes = .concatenated([boxes, box.to(boxes.dtype)])
      } else {
        rows += (0..<max(most, count)).map { start + $0 % count }
      }
      start += count
    }
    return Regions(
      boxes: boxes.rows(at: Tensor(rows).moved(to: boxes.device)),
      counts: counts.map { max(most, $0) })
  }
}

extension Selection {
  /// The selection with another floor; the same without one.
  func lowered(to floor: Double?) -> Selection {
    guard let floor else { return self }
    return Selection(
      floor: floor, suppressionIoU: suppressionIoU, mostPerLevel: mostPerLevel,
      mostPerImage: mostPerImage)
  }
}

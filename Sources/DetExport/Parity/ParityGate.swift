package import DetModel
import DetNN
import DetSpec
package import DetTensor

/// The proof that a graph does what its detector does: both see the same bytes, and what they find is compared.
///
/// ```swift
/// var gate = ParityGate(detector, options, range)
/// for (bytes, sizes) in images { gate.compare(bytes, sizes) }
/// try gate.check()  // throws ExportError.differs
/// ```
package struct ParityGate {
  /// The graph that is proven.
  package let graph: Graph
  /// How far the two have been apart.
  package private(set) var parity = Parity()
  /// How many images both have seen.
  package private(set) var images = 0
  /// In how many of them the proposals' suppression in plain operations did not come to its end.
  package private(set) var unsettled = 0
  /// How far the two may be apart.
  package let bounds: Parity.Bounds
  private let detector: Detector
  private let options: ExportOptions
  private let range: PixelRange
  private let interpreter: Interpreter

  /// Records the detector's graph. The detector must compute in float32: what is exported is compared with its best.
  package init(_ detector: Detector, _ options: ExportOptions, _ range: PixelRange) {
    precondition(
      detector.recipe.precision == .float32, "the detector computes in \(detector.recipe.precision)"
    )
    self.detector = detector
    self.options = options
    self.range = range
    let own =
      switch detector.headLayers {
      case .dense: options.precision.bounds
      case .regions: options.precision.bounds.behindProposals
      }
    bounds = options.joinsTiles ? own.behindTiles : own
    graph = detector.graph(options, range)
    interpreter = Interpreter(graph)
  }

  /// Has both look at as many images as the graph takes, and compares.
  ///
  /// - Parameters:
  ///   - bytes: [N, 3, H, W] uint8.
  ///   - sizes: the parts that are images.
  ///   - counted: how many of the images count; those behind only fill the batch.
  ///   - layout: where they lie in one image, for a graph that joins tiles.
  /// - Returns: what either has found, in pixels of the batch, or of the image whose tiles these are.
  package mutating func compare(
    _ bytes: Tensor, _ sizes: [ImageSize], counted: Int? = nil, layout: TileLayout? = nil
  ) -> (detector: [[Detection]], graph: [[Detection]]) {
    let normalised = range.normalised(bytes, sizes)
    let outputs = interpreter(options.inputs(bytes, normalised, sizes, layout))
    let found = detect(normalised, sizes, layout)
    let wanted = Array(found.prefix(layout == nil ? counted ?? sizes.count : 1))
    images += wanted.count
    if let settled = outputs["settled"] {
      unsettled += settled.integers().prefix(wanted.count).count { $0 == 0 }
    }
    return (wanted, add(outputs, of: normalised, sizes, wanted: wanted, to: &parity))
  }

  /// What the detector finds in images, or in the image whose tiles they are.
  package func detect(
    _ normalised: Tensor, _ sizes: [ImageSize], _ layout: TileLayout?
  ) -> [[Detection]] {
    let found = detector.detect(normalised, sizes: sizes)
    guard let layout else { return found }
    return [
      layout.objects(
        layout.inTiles(found, seenAt: sizes),
        overlap: detector.recipe.detection.selection.suppressionIoU)
    ]
  }

  /// Adds what the graph or its file has put out to a comparison.
  ///
  /// - Parameters:
  ///   - outputs: by name.
  ///   - normalised: the images, as the detector sees them.
  ///   - sizes: the parts of them that are images.
  ///   - wanted: what the detector finds in those that count.
  ///   - parity: the comparison.
  /// - Returns: what the outputs say was found in those.
  package func add(
    _ outputs: [String: Tensor], of normalised: Tensor, _ sizes: [ImageSize],
    wanted: [[Detection]], to parity: inout Parity
  ) -> [[Detection]] {
    let selection = detector.recipe.detection.selection
    let found =
      options.suppresses
      ? Graph.detections(outputs) : graph.detectionsOfAll(outputs, selection)
    switch detector.headLayers {
    case .dense where !options.suppresses:
      // Every anchor is compared, and not only those that become detections.
      parity.add(outputs, detector.everything(normalised, sizes), bounds: bounds)
    case .dense, .regions:
      for (own, right) in zip(found, wanted) {
        parity.add(own, right, bounds: bounds, selection)
      }
    }
    return Array(found.prefix(wanted.count))
  }

  /// What is to be noted of images whose proposals, or tiles, were not settled.
  package var unsettledNote: [String] {
    guard unsettled > 0 else { return [] }
    guard !options.joinsTiles else {
      return [
        "in \(unsettled) of \(images) images \(GraphTileMerging.rounds) rounds did not join all parts of objects, or there were more than "
          + "\(options.mostPieces); the output settled is 0 there"
      ]
    }
    return [
      "in \(unsettled) of \(images) images \(GraphSuppression.rounds) rounds did not settle which regions are kept, so that some may have "
        + "been too many; the output settled is 0 there"
    ]
  }

  /// Fails when something without a partner is not excused.
  package func check() throws(ExportError) {
    guard parity.isEqual(within: bounds) else { throw .differs(parity.words(images: images)) }
  }
}

extension ExportOptions.Precision {
  /// How far a graph of this precision may be from its detector.
  package var bounds: Parity.Bounds {
    switch self {
    case .float32: .float32
    case .float16: .float16
    }
  }
}

extension ExportOptions {
  /// The inputs of a graph of these options.
  ///
  /// `layout` says where the images lie in one, for a graph that joins tiles; there may be fewer of them than the graph takes.
  package func inputs(
    _ bytes: Tensor, _ normalised: Tensor, _ sizes: [ImageSize], _ layout: TileLayout? = nil
  ) -> [String: Tensor] {
    var inputs = [
      "images": pixels == .uint8 ? bytes : normalised,
      "sizes": Tensor(sizes.flatMap { [$0.height, $0.width] }, shape: [sizes.count, 2]),
    ]
    guard let layout else { return inputs }
    let sides = layout.fields.flatMap { [$0.x0, $0.y0, $0.x1, $0.y1].map { Int($0) } }
    let missing = Array(repeating: 0, count: 4 * batch - sides.count)
    inputs["tiles"] = Tensor(sides + missing, shape: [batch, 4])
    inputs["extent"] = Tensor([layout.image.height, layout.image.width], shape: [1, 2])
    return inputs
  }
}

extension PixelRange {
  /// What a detector sees of bytes [N, 3, H, W]: normalised, with zeros around each image.
  package func normalised(_ bytes: Tensor, _ sizes: [ImageSize]) -> Tensor {
    let whole =
      bytes.to(.float32) * Tensor(scale, shape: [1, 3, 1, 1]) + Tensor(bias, shape: [1, 3, 1, 1])
    let parts = sizes.enumerated().map { index, size in
      whole[index].narrowed(dim: 1, from: 0, count: size.height)
        .narrowed(dim: 2, from: 0, count: size.width)
        .padded(right: whole.size(3) - size.width, bottom: whole.size(2) - size.height)
    }
    return Tensor.stacked(parts)
  }
}

extension Detector {
  /// Boxes [N, anchors, 4] and scores [N, anchors, classes] of all anchors of a dense head, before any is chosen.
  package func everything(_ images: Tensor, _ sizes: [ImageSize]) -> [String: Tensor] {
    guard case .dense(let head) = headLayers else {
      preconditionFailure("a head over regions says nothing of anchors")
    }
    return store.inferring {
      let levels = features(images)
      let said = head.layers(levels)
      func rows(_ maps: [Tensor], each: Int) -> Tensor {
        let levels = maps.map { map in
          map.permuted([0, 2, 3, 1]).reshaped([map.size(0), -1, each])
        }
        return Tensor.concatenated(levels, dim: 1)
      }
      let anchors = head.anchors.grids(over: levels).anchors()
      let deltas = rows(said.deltas, each: 4)
      let boxes = sizes.enumerated().map { index, size in
        let limits = [size.width, size.height, size.width, size.height].map(Float.init)
        return head.coder.decode(anchors, deltas[index]).clamped(min: 0)
          .minimum(Tensor(limits, shape: [1, 4]))
      }
      return [
        "boxes": Tensor.stacked(boxes), "scores": rows(said.logits, each: classes).sigmoid(),
      ]
    }
  }
}

package import DetModel
import DetNN
import DetSpec
import DetTensor

extension Detector {
  /// The detector in use as a graph, from pixels to boxes.
  ///
  /// Inputs: `images` [N, 3, H, W], `sizes` [N, 2] int64: height and width of the image in its padding. Outputs: `boxes`
  /// [N, D, 4] in pixels of the padded image, `scores` [N, D], `labels` [N, D] from 0, `counts` [N]; behind an image's count
  /// rows hold 0, and -1 as labels. Without suppression no size hangs on what is in an image: `boxes` [N, A, 4] and `scores`
  /// [N, A, classes] of all anchors of a dense head, or of all regions that were proposed; there boxes are [N, A, classes, 4]
  /// where every class has its own, and `settled` [N] int64 is 1 where the proposals' own suppression came to its end in the
  /// rounds that are written (``GraphSuppression``).
  ///
  /// Where images are the tiles of one, `tiles` [N, 4] int64 go in, too, x0 y0 x1 y1 of each in its pixels (without an area where
  /// there are fewer), and its `extent` [1, 2] int64, height and width. What comes out is of that one, and `settled` [1] is 1 where all is
  /// joined that would be (``GraphTileMerging``).
  package func graph(_ options: ExportOptions, _ range: PixelRange) -> Graph {
    let builder = GraphBuilder(
      weights: store.entries.map { ($0.name, $0.tensor) }, precise: predictors)
    var rowsPerLevel: [Int] = []
    let selection = recipe.detection.selection
    let images = builder.at("images") { GraphImages(builder, options, range) }
    let tiles =
      options.joinsTiles ? GraphTiles(builder, count: options.batch, images.extents) : nil
    func output(_ found: GraphDetections) {
      guard let tiles else { return builder.output(found) }
      let merging = builder.at("tiles") {
        GraphTileMerging(
          found, tiles, most: options.mostPieces, overlap: selection.suppressionIoU)
      }
      builder.output(merging.objects)
      builder.output("settled", merging.isSettled.to(.int64))
    }
    let levels = store.inferring { features(images.normalised) }
    switch headLayers {
    case .dense(let layers):
      let head = GraphDenseHead(builder: builder, head: layers, extents: images.extents)
      if options.suppresses {
        output(head.detections(levels, selection))
      } else {
        let all = head.everything(levels)
        rowsPerLevel = layers.anchors.grids(over: levels.map(\.standIn)).countsPerLevel
        builder.output("boxes", all.boxes)
        builder.output("scores", all.scores)
      }
    case .regions(let heads, let network):
      let isPlain = !options.suppresses
      let propose = GraphProposals(builder: builder, extents: images.extents, isPlain: isPlain)
      let regions = propose(network, levels)
      let head = GraphRegionHead(
        builder: builder, heads: heads, extents: images.extents, isPlain: isPlain)
      if options.suppresses {
        output(head.detections(levels, regions, classes: classes, selection))
      } else {
        let all = head.everything(levels, regions, classes: classes)
        builder.output("boxes", all.boxes)
        builder.output("scores", all.scores)
        if let settled = regions.isSettled { builder.output("settled", settled.to(.int64)) }
        rowsPerLevel = [regions.boxes.shape[1]]
      }
    }
    var graph = builder.graph
    graph.rowsPerLevel = rowsPerLevel
    return graph
  }
}

extension GraphBuilder {
  fileprivate func output(_ detections: GraphDetections) {
    output("boxes", detections.boxes)
    output("scores", detections.scores)
    output("labels", detections.labels)
    output("counts", detections.counts)
  }
}

package import DetModel
import DetNN
import DetSpec
import DetTensor

extension Detector {
  /// The detector in use as a graph, from pixels to boxes.
  ///
  /// Inputs: `images` [N, 3, H, W], `sizes` [N, 2] int64: height and width of the image in its padding. Outputs: `boxes`
  /// [N, D, 4] in pixels of the padded image, `scores` [N, D], `labels` [N, D] from 0, `counts` [N]; behind an image's count
  /// rows hold 0, and -1 as labels. Without suppression: `boxes` [N, A, 4] and `scores` [N, A, classes] of all anchors.
  ///
  /// - Throws: ``ExportError`` for what such a graph cannot say.
  package func graph(_ options: ExportOptions, _ range: PixelRange) throws(ExportError) -> Graph {
    let builder = GraphBuilder(weights: store.entries.map { ($0.name, $0.tensor) })
    let selection = recipe.detection.selection
    let images = builder.at("images") { GraphImages(builder, options, range) }
    let levels = store.inferring { features(images.normalised) }
    switch headLayers {
    case .dense(let layers):
      let head = GraphDenseHead(builder: builder, head: layers, extents: images.extents)
      if options.suppresses {
        builder.output(head.detections(levels, selection))
      } else {
        let all = head.everything(levels)
        builder.output("boxes", all.boxes)
        builder.output("scores", all.scores)
      }
    case .regions(let heads, let network):
      guard options.suppresses else { throw .needsSuppression(design: design.text) }
      let regions = GraphProposals(builder: builder, extents: images.extents)(network, levels)
      let head = GraphRegionHead(builder: builder, heads: heads, extents: images.extents)
      builder.output(head.detections(levels, regions, classes: classes, selection))
    }
    return builder.graph
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

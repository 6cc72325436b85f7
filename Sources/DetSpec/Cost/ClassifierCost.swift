/// What a backbone costs as a classifier of images: the backbone, and the linear layer behind it.
///
/// Counted as in ``DesignCost``, for one image at the padded input.
package struct ClassifierCost: Hashable, Sendable {
  /// All parameters.
  package let parameters: Int
  /// Multiply-accumulates; FLOPs are twice as many.
  package let macs: Int
  /// Bytes read and written at float32.
  package let memoryAccessBytes: Int

  /// The cost of a backbone that tells `classes` classes apart; fails for a backbone that no detector could have.
  package init(_ backbone: BackboneSpec, classes: Int, input: InputSize) throws {
    // Where a neck takes all four stages, the whole backbone runs over the image.
    let design = try DetectorDesign(
      input: input, backbone: backbone, neck: .fpn(finest: .p1, coarsest: .p4, channels: 64),
      proposals: .none, head: .retinanet())
    let body = DesignCost(design, classes: classes).part(.backbone)
    let layout = BackboneLayout(backbone)
    var count = CostCount()
    var channels = layout.channels(at: .p4)
    if let last = layout.classifierConvolution,
      let level = DesignShapes(design).backbone.last
    {
      count.add(last, height: level.height, width: level.width)
      channels = last.outChannels
    }
    count.add(LinearLayout(channels, classes), rows: 1)
    parameters = body.parameters + count.parameters
    macs = body.macs + count.macs
    memoryAccessBytes = body.memoryAccessBytes + count.memoryAccessBytes
  }
}

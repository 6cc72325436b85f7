/// Where tiles lie in the image that they were cut from.
package struct TileLayout: Hashable, Sendable {
  /// The whole image.
  package let image: ImageSize
  /// Each tile's place, in pixels of the image.
  package let fields: [Box]

  /// Tiles of an image.
  package init(image: ImageSize, fields: [Box]) {
    self.image = image
    self.fields = fields
  }

  /// What is in the image, by what was found in its tiles.
  ///
  /// - Parameters:
  ///   - found: of each tile, in pixels of what the detector saw.
  ///   - sizes: the tiles' sizes as the detector saw them.
  ///   - overlap: the intersection over union from which on two boxes are of one object.
  /// - Returns: the objects, best first, in pixels of the image.
  package func objects(
    _ found: [[Detection]], sizes: [ImageSize], overlap: Double
  ) -> [Detection] {
    var merging = TileMerging(image: image, overlap: overlap)
    for (index, field) in fields.enumerated() {
      let (x, y) = (
        Double(field.width) / Double(sizes[index].width),
        Double(field.height) / Double(sizes[index].height)
      )
      merging.add(found[index].map { $0.scaled(x: x, y: y) }, in: field)
    }
    return merging.objects
  }
}

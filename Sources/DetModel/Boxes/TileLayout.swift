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

  /// What is in the image, by what was found in each tile, in its pixels; `overlap` is the intersection over union from which on two
  /// boxes are of one object.
  package func objects(_ found: [[Detection]], overlap: Double) -> [Detection] {
    var merging = TileMerging(image: image, overlap: overlap)
    for (own, field) in zip(found, fields) { merging.add(own, in: field) }
    return merging.objects
  }

  /// Detections in pixels of the tiles, of those in what a detector saw, whose sizes are given; of more than there are tiles the
  /// first.
  package func inTiles(_ found: [[Detection]], seenAt sizes: [ImageSize]) -> [[Detection]] {
    fields.indices.map { index in
      let (field, size) = (fields[index], sizes[index])
      return found[index].map {
        $0.scaled(
          x: Double(field.width) / Double(size.width),
          y: Double(field.height) / Double(size.height))
      }
    }
  }
}

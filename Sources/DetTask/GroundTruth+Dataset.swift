public import DetData
public import DetMetrics

extension GroundTruth {
  /// A data set's annotations as the evaluator takes them; tiles count as images of their own.
  public init(_ dataset: Dataset) throws {
    var annotations: [Annotation] = []
    for sample in dataset.samples {
      for box in sample.boxes {
        annotations.append(
          Annotation(
            id: Int64(annotations.count + 1), imageID: sample.imageID,
            categoryID: dataset.categories[box.category].id,
            box: COCOBox(x0: box.x0, y0: box.y0, x1: box.x1, y1: box.y1),
            area: box.area ?? box.boxArea, isCrowd: box.isCrowd, isIgnored: box.isIgnored))
      }
    }
    try self.init(
      images: dataset.samples.map {
        Image(id: $0.imageID, width: $0.width, height: $0.height, fileName: $0.place)
      },
      categories: dataset.categories.map { Category(id: $0.id, name: $0.name) },
      annotations: annotations)
  }
}

import DetBasics
public import Foundation

/// The truth of a data set in the words of COCO's files: for evaluation, and for others to re-score.
public struct Truth: Sendable, Equatable, Codable {
  /// An image.
  public struct Image: Sendable, Equatable, Codable {
    /// Its number.
    public let id: Int64
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// The file, and the part of it when the image is a tile.
    public let fileName: String

    enum CodingKeys: String, CodingKey {
      case id, width, height
      case fileName = "file_name"
    }
  }

  /// A box.
  public struct Annotation: Sendable, Equatable, Codable {
    /// Its number.
    public let id: Int64
    /// The image it belongs to.
    public let imageID: Int64
    /// The number of its class.
    public let categoryID: Int64
    /// Left edge, upper edge, width, height.
    public let box: [Double]
    /// Stated area, or that of the box.
    public let area: Double
    /// 1 for a crowd, else 0.
    public let isCrowd: Int
    /// 1 for what is neither learnt from nor counted, else 0.
    public let ignore: Int

    enum CodingKeys: String, CodingKey {
      case id, area, ignore
      case imageID = "image_id"
      case categoryID = "category_id"
      case box = "bbox"
      case isCrowd = "iscrowd"
    }
  }

  /// All images, those without boxes too.
  public let images: [Image]
  /// The classes with their numbers.
  public let categories: [Category]
  /// All boxes, numbered 1, 2, 3, … where the data set has no numbers or uses one twice.
  public let annotations: [Annotation]

  /// The truth as a COCO instances file.
  public func cocoJSON() throws -> Data { try JSON.encode(self) }
}

extension Dataset {
  /// Images, classes and boxes with the numbers they have in this data set.
  public var truth: Truth {
    let ids = samples.flatMap { $0.boxes.map(\.id) }
    let keepsIDs = Set(ids).count == ids.count && !ids.contains(0)
    var annotations: [Truth.Annotation] = []
    annotations.reserveCapacity(ids.count)
    for sample in samples {
      for box in sample.boxes {
        annotations.append(
          Truth.Annotation(
            id: keepsIDs ? box.id : Int64(annotations.count) + 1, imageID: sample.imageID,
            categoryID: categories[box.category].id, box: [box.x0, box.y0, box.width, box.height],
            area: box.area ?? box.boxArea, isCrowd: box.isCrowd ? 1 : 0,
            ignore: box.isIgnored ? 1 : 0))
      }
    }
    let images = samples.map { sample in
      Truth.Image(
        id: sample.imageID, width: sample.width, height: sample.height, fileName: sample.place)
    }
    return Truth(images: images, categories: categories, annotations: annotations)
  }
}

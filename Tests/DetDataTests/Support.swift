import DetData
import Foundation

/// A picture whose every pixel tells its place: red is x, green is y, blue is their sum.
func ramp(_ width: Int, _ height: Int) -> PixelImage {
  var image = PixelImage(width: width, height: height)
  for y in 0..<height {
    for x in 0..<width {
      let start = 3 * (y * width + x)
      image.pixels[start] = UInt8(truncatingIfNeeded: x)
      image.pixels[start + 1] = UInt8(truncatingIfNeeded: y)
      image.pixels[start + 2] = UInt8(truncatingIfNeeded: x + y)
    }
  }
  return image
}

func vocXML(
  _ filename: String, _ size: PixelSize, _ objects: [(name: String, box: [Int])],
  difficult: Int = 0
) -> String {
  let list = objects.map { object in
    """
      <object><name>\(object.name)</name><difficult>\(difficult)</difficult><bndbox>
        <xmin>\(object.box[0])</xmin><ymin>\(object.box[1])</ymin>
        <xmax>\(object.box[2])</xmax><ymax>\(object.box[3])</ymax></bndbox></object>
    """
  }
  return """
    <annotation><filename>\(filename)</filename>
      <size><width>\(size.width)</width><height>\(size.height)</height><depth>3</depth></size>
    \(list.joined(separator: "\n"))
    </annotation>
    """
}

/// Bytes that stand in a golden file as Base64.
@propertyWrapper
struct Base64: Decodable {
  let wrappedValue: Data

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let bytes = Data(base64Encoded: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not Base64")
    }
    wrappedValue = bytes
  }
}

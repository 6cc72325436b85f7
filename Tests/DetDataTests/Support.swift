import DetData
import Foundation

/// A folder for one test, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ data: Data) throws -> String {
    let file = "\(path)/\(name)"
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try data.write(to: URL(fileURLWithPath: file))
    return file
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }
}

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

/// What an expression threw, in words; empty when it threw nothing.
func message(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return ""
  } catch {
    return "\(error)"
  }
}

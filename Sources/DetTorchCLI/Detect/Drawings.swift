import DetBasics
import DetData
import DetModel
import DetSpec
import DetTraining

/// The pictures that one call of `smnas detect` draws into a folder, each under a name that nothing has.
struct Drawings {
  private let folder: OutputFolder
  private var names: FreeNames

  /// Makes and takes the folder.
  init(folder path: String) throws {
    folder = try OutputFolder(path)
    names = try FreeNames(in: path)
  }

  /// Draws what was found on an image, and gives the picture's path.
  mutating func add(
    _ found: [Detection], on path: String, _ checkpoint: Checkpoint
  ) throws -> String {
    let target = NewFile(
      folder.file(names.next(for: path, ending: "png")), option: folder.option)
    let boxes = found.map { DrawnBox($0, classes: checkpoint.classes) }
    let image = try PixelImage.decode(path)
    let drawing = Picture(
      title: checkpoint.design.text,
      panels: [.init(image: image, title: "\(found.count) found", boxes: boxes)],
      side: min(max(image.width, image.height), 1400))
    try target.write(drawing.rendered().encodePNG())
    return target.path
  }
}

import DetBasics
import DetCommand
import DetExport
import DetSpec
import DetTraining

/// What travels with an exported file, by name: enough to use it without asking anybody.
struct ExportMetadata {
  let checkpoint: Checkpoint
  let options: ExportOptions
  let range: PixelRange
  let licence: String?
  /// On so many images; nil without truth.
  let accuracy: (AP: Double, images: Int)?

  /// Names and texts, in order.
  func entries() throws -> [(name: String, text: String)] {
    var entries: [(name: String, text: String)] = [
      ("design", checkpoint.design.text), ("classes", try JSON.text(checkpoint.classes)),
      ("categoryIDs", try JSON.text(checkpoint.categoryIDs)),
      ("input", "\(options.width)x\(options.height)"),
      ("inputs", inputs), ("outputs", outputs),
      ("precision", options.precision.rawValue),
      ("pixelScale", try JSON.text(range.scale)), ("pixelBias", try JSON.text(range.bias)),
      ("scoreFloor", "\(checkpoint.recipe.detection.scoreFloor)"),
      ("suppressionIoU", "\(checkpoint.recipe.detection.suppressionIoU)"),
      ("recipe", try JSON.text(checkpoint.recipe)), ("epochs", "\(checkpoint.epochs)"),
      ("licence", licence ?? "not stated; ask whoever published the data and the weights"),
      ("smnas", Program.version),
    ]
    if let tiles = checkpoint.tiles { entries.append(("tiles", try JSON.text(tiles))) }
    if let accuracy {
      entries.append(("AP", accuracy.AP.fixed(5)))
      entries.append(("APImages", "\(accuracy.images)"))
    }
    return entries
  }

  private var inputs: String {
    let pixels =
      switch options.pixels {
      case .uint8: "bytes of red, green and blue"
      case .float32:
        "float32 of red, green and blue, byte * pixelScale + pixelBias, and 0 around the image"
      }
    return
      "images [\(options.batch), 3, \(options.height), \(options.width)]: \(pixels), the image in the upper left corner, its "
      + "sides shrunk or enlarged alike; sizes [\(options.batch), 2]: int64 height and width of the image in it"
  }

  private var outputs: String {
    options.suppresses
      ? "boxes [N, D, 4]: x0 y0 x1 y1 in pixels of the input; scores [N, D], falling; labels [N, D]: places in classes; counts "
        + "[N]: how many of the D there are"
      : "boxes [N, A, 4]: x0 y0 x1 y1 in pixels of the input, of every anchor; scores [N, A, classes]; suppression is left to you"
  }
}

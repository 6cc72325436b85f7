import DetBasics
import DetCommand
import DetExport
import DetModel
import DetSpec
import DetTensor
import DetTraining

/// What travels with an exported file, by name: enough to use it without asking anybody.
struct ExportMetadata {
  let checkpoint: Checkpoint
  let options: ExportOptions
  let range: PixelRange
  let licence: String?
  /// What is exported.
  let graph: Graph
  /// On so many images; nil without truth.
  let accuracy: (AP: Double, images: Int)?

  /// Names and texts, in order.
  func entries() throws -> [(name: String, text: String)] {
    var entries: [(name: String, text: String)] = [
      ("design", checkpoint.design.text), ("classes", try JSON.text(checkpoint.classes)),
      ("categoryIDs", try JSON.text(checkpoint.categoryIDs)),
      ("input", "\(options.width)x\(options.height)"), ("fit", fit),
      ("inputs", inputs), ("outputs", outputs),
      ("precision", options.precision.rawValue),
      ("pixelScale", try JSON.text(range.scale)), ("pixelBias", try JSON.text(range.bias)),
      ("scoreFloor", "\(checkpoint.recipe.detection.scoreFloor)"),
      ("suppressionIoU", "\(checkpoint.recipe.detection.suppressionIoU)"),
      ("recipe", try JSON.text(checkpoint.recipe)), ("epochs", "\(checkpoint.epochs)"),
      ("licence", licence ?? "not stated; ask whoever published the data and the weights"),
      ("smnas", Program.version),
    ]
    if !options.suppresses {
      let selection = checkpoint.recipe.detection.selection
      entries += [
        ("rowsPerLevel", try JSON.text(graph.rowsPerLevel)),
        ("mostPerLevel", "\(selection.mostPerLevel)"),
        ("mostPerImage", "\(selection.mostPerImage)"),
      ]
    }
    if let tiles = checkpoint.tiles { entries.append(("tiles", try JSON.text(tiles))) }
    if let accuracy {
      entries.append(("AP", accuracy.AP.fixed(5)))
      entries.append(("APImages", "\(accuracy.images)"))
    }
    return entries
  }

  /// What images are brought to: the design's input, which the file's is rounded up from.
  private var fit: String {
    let size = checkpoint.design.input.landscape
    return options.width >= options.height
      ? "\(size.width)x\(size.height)" : "\(size.height)x\(size.width)"
  }

  private var inputs: String {
    let pixels =
      switch options.pixels {
      case .uint8: "bytes of red, green and blue"
      case .float32:
        "float32 of red, green and blue, byte * pixelScale + pixelBias, and 0 around the image"
      }
    let tiles =
      options.joinsTiles
      ? "; tiles [\(options.batch), 4]: int64 x0 y0 x1 y1 of each in the image whose tiles these images are, 0 0 0 0 where there are "
        + "fewer; extent [1, 2]: int64 height and width of that image" : ""
    return
      "images [\(options.batch), 3, \(options.height), \(options.width)]: \(pixels), the image in the upper left corner, its "
      + "sides shrunk or enlarged alike until it fits into \(fit); sizes [\(options.batch), 2]: int64 height and width of the image in it"
      + tiles
  }

  private var outputs: String {
    if options.joinsTiles {
      return
        "boxes [1, D, 4]: x0 y0 x1 y1 in pixels of the image whose tiles these are; scores [1, D], falling; labels [1, D]: places in "
        + "classes; counts [1]: how many of the D there are; settled [1]: 1 where all parts of objects are joined"
    }
    if options.suppresses {
      return
        "boxes [N, D, 4]: x0 y0 x1 y1 in pixels of the input; scores [N, D], falling; labels [N, D]: places in classes; counts "
        + "[N]: how many of the D there are"
    }
    let isOfRegions = graph.outputs.contains { $0.name == "settled" }
    let what = isOfRegions ? "region" : "anchor"
    let isShared = graph.types[graph.outputs[0].value].shape.count == 3
    let boxes = isShared ? "[N, A, 4]" : "[N, A, classes, 4]"
    return
      "boxes \(boxes): x0 y0 x1 y1 in pixels of the input, of every \(what); scores [N, A, classes]; "
      + (isOfRegions ? "settled [N]: 1 where the regions are those of full suppression; " : "")
      + "suppression of what scores above scoreFloor, within each class by suppressionIoU, is left to you: of each level (rowsPerLevel "
      + "of the A) the best mostPerLevel pairs of row and class before it, the best mostPerImage of all levels after it"
  }
}

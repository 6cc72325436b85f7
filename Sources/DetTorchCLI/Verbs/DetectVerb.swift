import DetBasics
import DetCommand
import DetData
import DetModel
import DetSpec
import DetTensor
import DetTraining
import Foundation

/// `smnas detect CHECKPOINT IMAGE…`: boxes as JSON and as pictures.
enum DetectVerb: TensorVerb {
  static let word = TorchVerb.detect
  static let checkpoint = Argument<String>(
    "CHECKPOINT", "weights.safetensors of a trial or a training")
  static let images = ManyArguments<String>("IMAGE", "JPEG or PNG files")
  static let output = Option<String>("--output", "DIR", "also draw every image into this folder")
  static let score = DefaultOption<Double>(
    "--score", "S", "leave out what scores lower", default: 0.3)
  static let syntax = Syntax(checkpoint, images, output, score, Flag.json)
  static let discussion = """
    Prints one JSON object a line for each image: its path and its objects, boxes as x0 y0 x1 y1 in pixels of the image.
    A detector that learnt on tiles cuts large images likewise.

    Drawings have the names of their images, as PNG. Nothing in DIR is written over: where a name is taken, that of the
    image's folder comes before it or a number behind it, and "picture" says which it is.
    """

  private struct Answer: Encodable {
    struct Object: Encodable {
      let label: String
      let score: Double
      let box: [Double]
    }
    let image: String
    let objects: [Object]
    let picture: String?
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    Torch.flushDenormals()
    let detector = try ImageDetector(path: arguments[checkpoint])
    var drawings = try arguments[output].map(Drawings.init(folder:))
    let classes = detector.checkpoint.classes
    for path in arguments[images] {
      let found = try detector.detect(path).filter { Double($0.score) >= arguments[score] }
      let picture = try drawings?.add(found, on: path, detector.checkpoint)
      let objects = found.map {
        Answer.Object(
          label: classes[$0.label], score: Double($0.score),
          box: [$0.box.x0, $0.box.y0, $0.box.x1, $0.box.y1].map(Double.init))
      }
      try context.output.jsonLine(Answer(image: path, objects: objects, picture: picture))
      let place = picture.map { ", drawn in \($0.oneLine)" } ?? ""
      context.log("\(path.oneLine): \(found.count) objects\(place)")
    }
    return .done
  }
}

import DetBasics
import DetCommand
import DetModel
import DetNN
import DetSpec
import DetTensor
import DetTraining
import Foundation

/// `smnas weights CHECKPOINT`: what a file of weights holds, and what of it a design can use.
enum WeightsVerb: TensorVerb {
  static let word = TorchVerb.weights
  static let checkpoint = Argument<String>(
    "CHECKPOINT",
    "weights: what torch.save or safetensors wrote, arrays of numpy, or a list of shards")
  static let design = Option<DesignArgument>(
    "--design", "DESIGN", "the design to fill: its text, or the name of a preset")
  static let classes = DefaultOption<Count>(
    "--classes", "N", "classes of the design, background not counted", default: Count(80))
  static let recipe = DefaultOption<RecipeArgument>(
    "--recipe", "RECIPE", "the recipe that says widths and norms: its name, or a JSON file",
    default: RecipeArgument(.structural))
  static let output = Option<String>(
    "--output", "FILE", "write the filled detector here, for smnas detect")
  static let names = Option<String>(
    "--names", "FILE", "a text file with the name of a class on every line, for --output")
  static let epsilon = DefaultOption<Double>(
    "--epsilon", "E", "what the checkpoint's batch norms add to variances", default: 1e-5,
    shown: "1e-5")
  static let syntax = Syntax(
    checkpoint, design, classes, recipe, output, names, epsilon, Flag.json)
  static let discussion = """
    What a file is, its content tells. Nothing in it is executed: the state dict is found wherever a training program put it, and
    what lies beside it is passed over unread. Names are torchvision's; those of its older files are understood too, and
    whatever a wrapper or a larger model puts before them. Without --design the tensors are listed; with it, they are said to be
    matched, missing, left over, or of another shape. The same is done by smnas train --weights, and by "pretrained" in a recipe.

    A backbone that is not quite the checkpoint's inherits block by block where shapes agree: the report says which block
    came from which.

    smnas weights resnet50.pth --design "512x512 | bottleneck 64 111-2111-21111-211 | fpn P1-P5 256 | rpn | rcnn"

    --output wants every tensor of the design filled. torchvision's published COCO detectors, which have 90 classes in
    Faster R-CNN and 91 in RetinaNet, were trained with --epsilon 0:

    smnas weights fasterrcnn_resnet50_fpn_coco.pth --design faster-rcnn-r50-fpn --classes 90 --epsilon 0 --output w.safetensors
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    guard arguments[design] != nil || arguments[output] == nil else {
      throw UsageError.rule("--output needs --design, the detector whose weights they are")
    }
    guard (0..<1).contains(arguments[epsilon]) else {
      throw UsageError.rule("--epsilon is \(arguments[epsilon]); use 0 up to below 1")
    }
    let target = arguments[output].map { NewFile($0, option: "--output") }
    try target?.check()
    let file = try TensorFile.open(arguments[checkpoint])
    guard let design = arguments[design]?.design else {
      try WeightsReport.list(file, json: arguments[Flag.json], context)
      return .done
    }
    var recipe = arguments[recipe].recipe
    // As torchvision's detectors pool.
    recipe.detection.alignsRegions = false
    let detector = try Detector(
      design, classes: arguments[classes].value, recipe: recipe, seed: 0)
    let match = detector.match(file)
    try WeightsReport(file, design, match).print(json: arguments[Flag.json], context)
    try PretrainedWeights.check(match, file, against: design.backbone.text)
    guard let target else { return .done }
    guard match.isComplete else {
      throw FileError(
        path: arguments[checkpoint], problem: "does not fill \(design.text)",
        cure: "give the design and the number of classes that it was trained with")
    }
    try match.load(file, into: detector.store)
    detector.correctVariances(epsilon: arguments[epsilon])
    let names = try classNames(arguments)
    let described = Checkpoint(
      design: design, recipe: recipe, classes: names,
      categoryIDs: names.indices.map { Int64($0 + 1) }, tiles: nil, epochs: 0, seed: 0)
    try described.write(detector.store.state, to: target.path, replaces: false)
    context.log("written: \(target.path)")
    return .done
  }

  private static func classNames(_ arguments: Arguments) throws -> [String] {
    let count = arguments[classes].value
    guard let path = arguments[names] else { return (1...count).map { "class \($0)" } }
    let lines = try String(decoding: Files.bytes(path), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
      .map { String($0.trimmed) }.filter { !$0.isEmpty }
    guard lines.count == count else {
      throw FileError(
        path: path, problem: "names \(lines.count) classes, --classes says \(count)",
        cure: "give a line for every class")
    }
    return lines
  }
}

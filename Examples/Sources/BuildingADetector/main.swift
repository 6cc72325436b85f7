// A detector out of one line of text learns one picture by heart, and says what it sees there.
import DetBasics
import DetModel
import DetNN
import DetSpec
import DetTensor

let design = try DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P3 16 | rpn | rcnn")
var recipe = RecipePreset.small.recipe
recipe.detection.anchorScale = 4
let detector = try Detector(design, classes: 2, recipe: recipe, seed: 4)
print("parameters:", detector.store.parameterCount)

// One grey picture, [1, 3, 64, 64], with a bright square of class 0 and a dark bar of class 1.
let picture = Tensor.zeros([1, 3, 64, 64])
picture.narrowed(dim: 2, from: 8, count: 20).narrowed(dim: 3, from: 8, count: 20).fill_(2)
picture.narrowed(dim: 2, from: 36, count: 16).narrowed(dim: 3, from: 24, count: 32).fill_(-2)
let truth = ImageTargets(
  boxes: [Box(x0: 8, y0: 8, x1: 28, y1: 28), Box(x0: 24, y0: 36, x1: 56, y1: 52)],
  labels: [0, 1])

let optimizer = SGD(detector.store, rate: 0.03)
let generator = Generator(seed: 2)
for step in 0..<100 {
  let losses = detector.losses(
    picture, truths: [truth], generator: generator.stream("step", step))
  losses.total.backward()
  optimizer.step(clip: 10)
}

for found in detector.detect(picture)[0].prefix(2).sorted(by: { $0.label < $1.label }) {
  let wanted = truth.boxes[found.label]
  let isNear = abs(found.box.x0 - wanted.x0) < 4 && abs(found.box.y1 - wanted.y1) < 4
  print("class \(found.label): score above 0.5: \(found.score > 0.5), in its place: \(isNear)")
}

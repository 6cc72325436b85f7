import DetBasics
import DetNN
import DetSpec
import DetTensor
import TensorTestSupport
import Testing

@testable import DetModel

/// Counts live handles of the whole process, so nothing else may run meanwhile: one exit test for each head.
struct DetectorLeakTests {
  @Test func aTrainingStepFreesAllItMade() async {
    await #expect(processExitsWith: .success) {
      for head in ["rpn | rcnn", "rpn | cascade 2", "ga-rpn | rcnn", "none | retinanet"] {
        try step(head)
      }
    }
  }
}

private func step(_ head: String) throws {
  var recipe = RecipePreset.small.recipe
  recipe.detection.headWidth = 16
  let design = try DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P4 16 | \(head)")
  let detector = try Detector(design, classes: 2, recipe: recipe, seed: 4)
  let optimizer = SGD(detector.store, rate: 0.01)
  let generator = Generator(seed: 2)
  let truth = ImageTargets(boxes: [Box(x0: 4, y0: 4, x1: 40, y1: 40)], labels: [1])
  let sizes = [ImageSize(width: 64, height: 64)]
  let images = Tensor.ones([1, 3, 64, 64])
  expectNoHandlesLeft(in: .process, head) {
    for _ in 0..<2 {
      let losses = detector.losses(images, sizes: sizes, truths: [truth], generator: generator)
      losses.total.backward()
      optimizer.step()
      _ = detector.detect(images, sizes: sizes)
    }
  }
}

// What three detectors cost, and which is no more than a part of another, without building any.
import DetSpec

let texts = [
  "512x512 | resnet18 | fpn P1-P4 128 | rpn | rcnn",
  "512x512 | resnet18 | fpn P1-P5 128 | none | retinanet",
  "800x600 | resnet34 | fpn P1-P5 128 | rpn | rcnn",
]
let designs = try texts.map { try DetectorDesign(text: $0) }

for design in designs {
  let cost = DesignCost(design, classes: 20)
  print(design)
  print("  \(cost.macs / 1_000_000) million multiply-accumulates")
  print("  \(cost.parameters / 1000) thousand parameters, 4 bytes each in float32")
  for level in DesignShapes(design).levels {
    let cells = "\(level.width) x \(level.height) cells"
    print("  \(level.level.name): \(cells) of stride \(level.stride)")
  }
}

// A design below another comes from it by removing and narrowing alone: it cannot cost more.
print("first below third:", designs[0].isBelow(designs[2]))
print("second below third:", designs[1].isBelow(designs[2]))

// Parts that do not go together are told apart by their error.
do {
  _ = try DetectorDesign(text: "512x512 | resnet18 | fpn P1-P4 128 | none | rcnn")
} catch {
  print(error)
}

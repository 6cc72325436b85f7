// Writes a data set as PNG files and a COCO file, tile by tile where it is cut, so that others learn from the very same pixels.
//
//     export-dataset SOURCE.json FOLDER
//
// SOURCE.json is "train" or "validation" of a plan. FOLDER gets instances.json and images/.

import DetData
import Foundation

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  print("usage: export-dataset SOURCE.json FOLDER")
  exit(64)
}
let source = try JSONDecoder().decode(
  DatasetSource.self, from: Data(contentsOf: URL(fileURLWithPath: arguments[1])))
let folder = URL(fileURLWithPath: arguments[2])
let images = folder.appendingPathComponent("images")
try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)

struct COCO: Encodable {
  struct Image: Encodable {
    let id: Int
    let file_name: String
    let width: Int
    let height: Int
  }
  struct Annotation: Encodable {
    let id: Int
    let image_id: Int
    let category_id: Int64
    let bbox: [Double]
    let area: Double
    let iscrowd: Int
  }
  struct Name: Encodable {
    let id: Int64
    let name: String
  }
  var images: [Image] = []
  var annotations: [Annotation] = []
  var categories: [Name] = []
}

let dataset = try Dataset.load(source)
var file = COCO()
file.categories = dataset.categories.map { COCO.Name(id: $0.id, name: $0.name) }
for (index, sample) in dataset.samples.enumerated() {
  let name = String(format: "%05d.png", index + 1)
  try sample.picture().encodePNG().write(to: images.appendingPathComponent(name))
  file.images.append(
    COCO.Image(id: index + 1, file_name: name, width: sample.width, height: sample.height))
  for box in sample.boxes {
    file.annotations.append(
      COCO.Annotation(
        id: file.annotations.count + 1, image_id: index + 1,
        category_id: dataset.categories[box.category].id,
        bbox: [box.x0, box.y0, box.width, box.height], area: box.area ?? box.boxArea,
        iscrowd: box.isIgnored ? 1 : 0))
  }
}
try JSONEncoder().encode(file).write(to: folder.appendingPathComponent("instances.json"))
print("\(file.images.count) images, \(file.annotations.count) boxes")

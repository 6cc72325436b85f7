import Foundation
import TestSupport

@testable import DetData

/// Writes made-up images into folders of their classes.
struct ClassFoldersWriter: PlantedWriter {
  static let faults: [PlantedFault] = [
    .imageBroken, .otherPicture, .imageHidden, .annotationsAbsent, .unknownClass,
  ]
  static let hasBoxes = false
  private(set) var expected = PlantedAccount()
  private let root: TemporaryFolder
  private var hasOtherClass = false

  init(_ folder: TemporaryFolder) { root = folder }

  mutating func finish() throws -> DatasetSource {
    for name in PlantedSet.classes { try root.makeFolder(name) }
    if hasOtherClass { expected.note(.otherClass) }
    var source = DatasetSource(format: .folders, images: root.path)
    source.classFile = try root.write("classes.txt", "\u{FEFF}tree\r\n\r\n palm \r\nshrub")
    return source
  }

  mutating func add(_ image: PlantedImage) throws {
    let folder = PlantedSet.classes[image.variant % 3] + "/" + image.folder
    let name = "\(image.stem).png"
    let png = PlantedSet.png(image.size)
    switch image.fault {
    case nil:
      try root.write(folder + name, png)
      expected.use(image: name, labels: 1)
    case .imageBroken:
      try root.write(folder + name, "no picture")
      expected.lose(.image, .fault(.imageBroken))
      expected.lose(.label, .imageNotUsed)
      expected.fault(.imageBroken)
    case .otherPicture:
      try root.write("\(folder)\(image.stem).webp", "RIFF")
      expected.lose(.image, .repair(.otherFile))
      expected.note(.otherFile)
    case .imageHidden:
      try root.write("\(folder).\(name)", png)
      expected.lose(.image, .repair(.hiddenFile))
      expected.note(.hiddenFile)
    case .annotationsAbsent:
      try root.write(name, png)
      expected.lose(.image, .repair(.imageWithoutLabels))
      expected.note(.imageWithoutLabels)
    case .unknownClass:
      hasOtherClass = true
      try root.write("weed/" + image.folder + name, png)
      expected.lose(.image, .repair(.otherClass))
      expected.lose(.label, .repair(.otherClass))
    default: break
    }
  }
}

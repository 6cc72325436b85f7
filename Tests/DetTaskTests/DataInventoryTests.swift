import DetBasics
import DetData
import DetTask
import Foundation
import TestSupport
import Testing

struct DataInventoryTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b", "c"] { try write(image: name, "bytes of \(name)") }
    try write(boxes: Self.boxes)
  }

  private static let boxes = [1: "[1, 1, 5, 5]", 2: "[2, 2, 6, 6]"]

  private func write(image: String, _ text: String) throws {
    try folder.write("data/images/\(image).png", text)
  }

  private func write(
    boxes: [Int: String], images: [String] = ["a", "b", "c"], classes: String = "tree",
    firstID: Int = 1
  ) throws {
    let stated = images.enumerated().map { index, name in
      "{ \"id\": \(firstID + index), \"file_name\": \"\(name).png\", \"width\": 20, \"height\": 10 }"
    }
    let annotations = boxes.sorted { $0.key < $1.key }.map { image, box in
      "{ \"id\": \(image), \"image_id\": \(firstID + image - 1), \"category_id\": 4, \"bbox\": \(box), \"area\": 25, \"iscrowd\": 0 }"
    }
    try folder.write(
      "data/ann.json",
      """
      { "images": [\(stated.joined(separator: ", "))], "categories": [{ "id": 4, "name": "\(classes)" }],
        "annotations": [\(annotations.joined(separator: ", "))] }
      """)
  }

  private func inventory(
    _ place: String = "data", knowing earlier: DataInventory? = nil
  ) throws -> DataInventory {
    let source = DatasetSource(
      format: .coco, annotations: folder.file("\(place)/ann.json"),
      images: folder.file("\(place)/images"))
    return try DataInventory(
      TrainingSets(.init(train: source, validation: source)), knowing: earlier)
  }

  /// The first reading of a large set can be followed, and stopped.
  @Test func everyFileThatIsReadIsToldBefore() throws {
    let source = DatasetSource(
      format: .coco, annotations: folder.file("data/ann.json"), images: folder.file("data/images"))
    let sets = try TrainingSets(.init(train: source, validation: source))
    var told: [[Int]] = []
    let first = try DataInventory(sets) { told.append([$0, $1]) }
    #expect(!told.isEmpty && told.map { $0[0] } == Array(told.indices))
    #expect(told.allSatisfy { $0[1] >= told.count })
    told = []
    #expect(try DataInventory(sets, knowing: first) { told.append([$0, $1]) } == first)
    #expect(told.isEmpty, "what is known is not read again")
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try DataInventory(sets) { read, _ in if read == 1 { throw Stop() } }
    }
  }

  @Test func touchedCopiedMovedAndRewordedDataAreTheSame() throws {
    let first = try inventory()
    for name in ["a", "b", "c"] { try write(image: name, "bytes of \(name)") }
    #expect(try inventory().fingerprint == first.fingerprint)
    try write(boxes: Self.boxes, firstID: 40)
    #expect(try inventory().fingerprint == first.fingerprint)
    let text = try Files.text(folder.file("data/ann.json"))
    try folder.write("data/ann.json", text.replacing(", ", with: ",\n "))
    #expect(try inventory().fingerprint == first.fingerprint)
    try FileManager.default.copyItem(atPath: folder.file("data"), toPath: folder.file("copy"))
    #expect(try inventory("copy").fingerprint == first.fingerprint)
    #expect(try inventory("copy", knowing: first).differences(from: first) == [])
    try FileManager.default.moveItem(atPath: folder.file("data"), toPath: folder.file("moved"))
    #expect(try inventory("moved", knowing: first).fingerprint == first.fingerprint)
  }

  /// What a change is called, whether the earlier list is at hand for speed or not.
  private func change(_ body: () throws -> Void) throws -> [String] {
    let first = try inventory()
    try body()
    let now = try inventory(knowing: first)
    #expect(try inventory() == now)
    #expect(
      (now.fingerprint != first.fingerprint)
        == (now != first || !now.differences(from: first).isEmpty))
    let words = now.differences(from: first)
    #expect(
      Array(words.prefix(words.count / 2)).map { $0.replacing("training", with: "validation") }
        == Array(words.suffix(words.count / 2)))
    return words.filter { $0.hasPrefix("training set: ") }
  }

  @Test func everyKindOfChangeIsToldWithItsImages() throws {
    #expect(
      try change { try write(boxes: [1: "[1, 1, 5, 5]", 2: "[2, 2, 6, 7]"]) }
        == ["training set: 1 image with other boxes (b.png)"])
    #expect(
      try change { try write(boxes: [1: "[1, 1, 5, 5]"]) }
        == ["training set: 1 image with other boxes (b.png)"])
    #expect(
      try change { try write(image: "c", "bytes of d") }
        == ["training set: 1 image with other pixels (c.png)"])
    #expect(
      try change {
        for name in ["d", "e", "f", "g"] { try write(image: name, name) }
        try write(boxes: Self.boxes, images: ["a", "b", "c", "d", "e", "f", "g"])
      } == [
        "training set: 4 images added (d.png, e.png, f.png, …)",
        "training set: 1 image with other boxes (b.png)",
      ])
    #expect(
      try change { try write(boxes: Self.boxes, images: ["a", "b", "d", "e", "f", "g"]) }
        == ["training set: 1 image removed (c.png)"])
    #expect(
      try change {
        try write(boxes: Self.boxes, images: ["a", "b", "d", "e", "f", "g"], classes: "palm")
      } == [
        "training set: other classes", "training set: 2 images with other boxes (a.png, b.png)",
      ])
  }

  @Test func bytesOfTheSameSizeAndWithAnOldTimeAreReadAgain() throws {
    let image = folder.file("data/images/a.png")
    let first = try inventory()
    let time = try FileManager.default.attributesOfItem(atPath: image)[.modificationDate] ?? Date()
    try write(image: "a", "bytes of A")
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: image)
    #expect(
      try inventory(knowing: first).differences(from: first).first
        == "training set: 1 image with other pixels (a.png)")
  }

  @Test func theFileOfAnInventoryGivesItBack() throws {
    let odd = "t\tab \\ n\new"
    try write(image: odd, "odd")
    let first = try inventory()
    let path = folder.file("data.tsv")
    try first.write(to: path)
    #expect(DataInventory(file: path) == first)
    let text = try Files.text(path)
    for (number, bad) in [
      "", "x", String(text.dropLast()), String(text.dropLast(20)) + "\n",
      text.replacing("validation", with: "train"),
      text.replacing("smnas data 1", with: "smnas data 2"),
      text.replacing("\ttrain", with: ""), text + "odd\n",
    ].enumerated() where bad != text {
      try folder.write("bad.tsv", bad)
      #expect(DataInventory(file: folder.file("bad.tsv")) == nil, "\(number)")
    }
    #expect(DataInventory(file: folder.file("none")) == nil)
  }

  @Test func scenesAreKnownByTheirNames() throws {
    func sets(_ seed: UInt64) throws -> TrainingSets {
      let source = DatasetSource.shapes(
        count: 3, size: PixelSize(width: 32, height: 32), seed: seed, classes: ["circle"])
      return try TrainingSets(.init(train: source, validation: source))
    }
    let first = try DataInventory(sets(1))
    #expect(try DataInventory(sets(1)).fingerprint == first.fingerprint)
    #expect(try DataInventory(sets(2)).fingerprint != first.fingerprint)
  }
}

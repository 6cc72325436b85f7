import DetData
import DetMetrics
import Foundation
import TestSupport
import Testing

@testable import DetTraining

/// TensorBoard's files, taken apart again byte by byte; `Scripts/check-tensorboard` has the real TensorBoard read one.
struct EventFileTests {
  /// The messages of a TFRecord file; fails where a checksum is wrong or a record is cut.
  private func messages(_ data: Data) throws -> [Data] {
    var rest = data[...]
    func take(_ count: Int) throws -> Data {
      try #require(rest.count >= count)
      defer { rest = rest.dropFirst(count) }
      return Data(rest.prefix(count))
    }
    func number(_ bytes: Data) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    var found: [Data] = []
    while !rest.isEmpty {
      let length = try take(8)
      #expect(number(try take(4)) == UInt64(EventFile.checksum(length)))
      let message = try take(Int(number(length)))
      #expect(number(try take(4)) == UInt64(EventFile.checksum(message)))
      found.append(message)
    }
    return found
  }

  private enum Value: Equatable {
    case number(UInt64)
    case bytes(Data)
  }

  /// The fields of a message in order.
  private func fields(_ message: Data) throws -> [(field: UInt64, value: Value)] {
    var rest = Array(message)[...]
    func varint() throws -> UInt64 {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        let next = rest.popFirst()
        let byte = try #require(next)
        value |= UInt64(byte & 127) << shift
        if byte < 128 { return value }
        shift += 7
      }
    }
    var found: [(field: UInt64, value: Value)] = []
    while !rest.isEmpty {
      let key = try varint()
      switch key & 7 {
      case 0: found.append((key >> 3, .number(try varint())))
      case 2:
        let count = Int(try varint())
        found.append((key >> 3, .bytes(Data(rest.prefix(count)))))
        rest = rest.dropFirst(count)
      default:
        let count = key & 7 == 1 ? 8 : 4
        let bits = rest.prefix(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        found.append((key >> 3, .number(bits)))
        rest = rest.dropFirst(count)
      }
    }
    return found
  }

  private func bytes(_ value: Value?) -> Data {
    if case .bytes(let data)? = value { data } else { Data() }
  }

  @Test func theChecksumOfNothingIsTheMask() { #expect(EventFile.checksum(Data()) == 0xA282_EAD8) }

  @Test func numbersAndPicturesComeBackAsTheyWereWritten() throws {
    let folder = try TemporaryFolder()
    let board = folder.file("tensorboard")
    let image = PixelImage(width: 3, height: 2, pixels: [UInt8](repeating: 7, count: 18))
    try {
      let file = try EventFile(in: board, from: 300, clock: { 1234.5 })
      try file.add(["train/loss": 1.5, "train/rate": -0.25], step: 301)
      try file.add(image, name: "detections", step: 302)
    }()
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: board).first)
    #expect(name.hasPrefix("events.out.tfevents.1234."))
    let events = try messages(Data(contentsOf: URL(fileURLWithPath: "\(board)/\(name)")))
      .map(fields)
    #expect(events.count == 4)
    #expect(events.allSatisfy { $0[0].field == 1 && $0[0].value == .number(1234.5.bitPattern) })
    #expect(events.map { $0[1].value } == [0, 300, 301, 302].map(Value.number))
    #expect(bytes(events[0][2].value) == Data("brain.Event:2".utf8))
    // A session that starts: field 7, status 1.
    #expect(events[1][2].field == 7 && bytes(events[1][2].value) == Data([8, 1]))
    let scalars = try fields(bytes(events[2][2].value)).map { try fields(bytes($0.value)) }
    #expect(
      scalars.map { bytes($0[0].value) } == ["train/loss", "train/rate"].map { Data($0.utf8) })
    #expect(
      scalars.map { $0[1].value }
        == [Float(1.5), -0.25].map { Value.number(UInt64($0.bitPattern)) })
    let picture = try fields(bytes(fields(bytes(events[3][2].value))[0].value))
    #expect(bytes(picture[0].value) == Data("detections".utf8))
    let parts = try fields(bytes(picture[1].value))
    #expect(parts[0].value == .number(2) && parts[1].value == .number(3))
    #expect(bytes(parts[3].value) == (try image.encodePNG()))
  }

  /// The tensor that TensorBoard's precision–recall plugin wants: six rows, one column a score.
  @Test func aCurveIsATensorForThePlugin() throws {
    let folder = try TemporaryFolder()
    let truth = try GroundTruth(
      images: [.init(id: 1)], categories: [.init(id: 1, name: "tree")],
      annotations: [
        .init(id: 1, imageID: 1, categoryID: 1, box: COCOBox(x: 0, y: 0, width: 9, height: 9))
      ])
    var evaluator = COCOEvaluator(truth: truth)
    try evaluator.add(contentsOf: [
      DetectionEntry(
        imageID: 1, categoryID: 1, box: COCOBox(x: 0, y: 0, width: 9, height: 9), score: 0.9),
      DetectionEntry(
        imageID: 1, categoryID: 1, box: COCOBox(x: 50, y: 0, width: 9, height: 9), score: 0.6),
    ])
    let counts = try #require(evaluator.counts(atScores: [0, 0.5, 0.75, 1]).first)
    try {
      let file = try EventFile(in: folder.path, from: 0, clock: { 1 })
      try file.add(counts, name: "precision-recall/tree", step: 5)
    }()
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder.path).first)
    let event = try #require(
      messages(Data(contentsOf: URL(fileURLWithPath: folder.file(name)))).last)
    let value = try fields(bytes(fields(bytes(fields(event)[2].value))[0].value))
    #expect(bytes(value[0].value) == Data("precision-recall/tree".utf8))
    let tensor = try fields(bytes(value[1].value))
    let sizes = try fields(bytes(tensor[1].value)).map { try fields(bytes($0.value))[0].value }
    #expect(
      value[1].field == 8 && tensor[0].value == .number(1) && sizes == [.number(6), .number(4)])
    let expected: [Float] = [
      1, 1, 1, 0,  // right
      1, 1, 0, 0,  // wrong
      0, 0, 0, 0,
      0, 0, 0, 1,  // missed
      0.5, 0.5, 1, 0,  // precision
      1, 1, 1, 0,  // recall
    ]
    #expect(bytes(tensor[2].value) == expected.withUnsafeBytes { Data($0) })
    let metadata = try fields(bytes(value[2].value))
    let plugin = try fields(bytes(metadata[0].value))
    #expect(value[2].field == 9 && bytes(plugin[0].value) == Data("pr_curves".utf8))
    #expect(try fields(bytes(plugin[1].value))[0].value == .number(4))
  }
}

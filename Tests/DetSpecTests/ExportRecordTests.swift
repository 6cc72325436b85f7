import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetSpec

/// What lies beside weights about their exports.
struct ExportRecordTests {
  private let folder: TemporaryFolder
  private let trial: TrialFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.makeFolder("trials/000003")
    trial = TrialFolder(trial: 3, in: folder.file("trials"))
  }

  private func record(_ name: String, _ precision: String = "float32") -> ExportRecord {
    ExportRecord(
      file: folder.file(name), format: "onnx", precision: precision, suppression: true, batch: 1,
      width: 96, height: 64, bytes: 7, images: 5, AP: 0.25, verified: ["onnxruntime 1.32.0"])
  }

  @Test func aTrialThatWasNeverExportedHasNoExports() { #expect(trial.exported.isEmpty) }

  @Test func filesThatAreThereAreListedInOrderAsTheyWereWrittenLast() throws {
    let writer = try JSONLinesWriter(appendingTo: trial.exports)
    for one in [
      record("a"), record("gone"), record("b"), record("a", "float16"),
    ] { try writer.append(one) }
    for name in ["a", "b"] { try folder.write(name, "file") }
    #expect(trial.exported == [record("b"), record("a", "float16")])
  }

  @Test func linesOfOthersAndATornOneArePassedOver() throws {
    try folder.write("a", "file")
    let good = String(decoding: try JSON.encode(record("a")), as: UTF8.self)
    try AtomicFile.write(
      "{\"version\":1,\"planet\":\"Mars\"}\n\(good)\n\(good.prefix(30))", to: trial.exports)
    #expect(trial.exported == [record("a")])
  }

  @Test func wordsSayWhatIsUnusual() {
    #expect(record("a").words == "onnx, float32, 96x64")
    let raw = ExportRecord(
      file: "/f", format: "onnx", precision: "float16", suppression: false, batch: 4, width: 96,
      height: 64, bytes: 7, images: 5, AP: nil, verified: [])
    #expect(raw.words == "onnx, float16, 96x64, batch 4, without suppression")
  }
}

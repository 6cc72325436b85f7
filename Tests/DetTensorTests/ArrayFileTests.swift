import Foundation
import TestSupport
import Testing

@testable import DetTensor

/// Arrays of numpy by name, in pickles and archives, read as their safetensors twin does.
struct ArrayFileTests {
  @Test(arguments: ["arrays0.pkl", "arrays2.pkl", "arrays4.pkl", "arrays5.pkl", "arrays.npz"])
  func everyArrayIsThatOfTheTwin(_ name: String) throws {
    let file = try TensorFile.open(Golden.path("checkpoints/\(name)"))
    let twin = try TensorFile.open(Golden.path("checkpoints/arrays.safetensors"))
    #expect(file.format == (name.hasSuffix("npz") ? .npz : .pickle))
    #expect(Set(file.entries) == Set(twin.entries) && file.entries.count == 4)
    for entry in twin.entries {
      let expected = try #require(try twin.tensor(entry.name)?.to(.float64).doubles())
      let found = try #require(try file.tensor(entry.name)?.to(.float64).doubles())
      #expect(found == expected, "\(entry.name)")
    }
    let isNested = name.hasSuffix("pkl")
    #expect(file.place == (isNested ? "model" : "") && file.passedOver.count == (isNested ? 2 : 0))
  }

  @Test func bytesAsCharactersAreDecodedAndNothingElse() {
    #expect(PlacedBytes.bytes(latin1: "aé\u{80}ÿ".utf8) == [97, 0xE9, 0x80, 0xFF])
    #expect(PlacedBytes.bytes(latin1: "Ā".utf8) == nil)
    #expect(PlacedBytes.bytes(latin1: [0xC3]) == nil)
  }
}

/// Lists of shards: all their files are read, and what does not fit is told.
struct ShardIndexTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Safetensors.write(
      [("a", .ones([2])), ("b", .zeros([1]))], to: folder.file("1.safetensors"))
    try Safetensors.write([("c", .full([3], 5))], to: folder.file("2.safetensors"))
  }

  private func list(_ map: String) throws -> String {
    try folder.write(
      "model.safetensors.index.json", #"{"metadata": {"total_size": 24}, "weight_map": \#(map)}"#)
  }

  @Test func allShardsAreRead() throws {
    let path = try list(
      #"{"a": "1.safetensors", "b": "1.safetensors", "c": "2.safetensors"}"#)
    let file = try TensorFile.open(path)
    #expect(file.format == .shards && file.entries.map(\.name) == ["a", "b", "c"])
    #expect(try file.tensor("c")?.floats() == [5, 5, 5])
    #expect(file["a"]?.shape == [2] && file["d"] == nil)
  }

  @Test(arguments: [
    (#"{"a": "1.safetensors", "d": "3.safetensors"}"#, "1 do not lie beside it: 3.safetensors"),
    (#"{"a": "2.safetensors"}"#, "says that \"a\" lies in 2.safetensors, where it is not"),
    (#"{"a": "../1.safetensors"}"#, "names no file beside itself for \"a\""),
    (#"{"a": 1}"#, "names no file beside itself for \"a\""),
    (#"{}"#, "without \"weight_map\""),
    (#"{"a": "model.safetensors.index.json"}"#, "lists shards, and is one itself"),
  ])
  func whatDoesNotFitIsTold(_ map: String, _ reason: String) throws {
    let path = try list(map)
    let problem = thrown { try TensorFile.open(path) }
    #expect(problem.contains(reason), "\(problem)")
  }
}

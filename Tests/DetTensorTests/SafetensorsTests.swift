import DetTensor
import Foundation
import TestSupport
import Testing

struct SafetensorsTests {
  private func file(_ header: String, values: Int = 0, length: UInt64? = nil) -> Data {
    let text = Data(header.utf8)
    let length = length ?? UInt64(text.count)
    return Data((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }) + text
      + Data(count: values)
  }

  private func problem(_ data: Data) -> String {
    thrown { try Safetensors.decode(data, source: "x.safetensors") }
  }

  @Test func everyKindComesBackAsItWasWritten() throws {
    for dtype in DType.allCases {
      let tensor = Tensor([0, 1, 1, 0, 1, 0], shape: [2, 3]).to(dtype)
      let data = try Safetensors.encode([("a.b \"c\"", tensor), ("empty", .zeros([0, 4]))])
      let back = try Safetensors.decode(data, source: "memory")
      #expect(
        back.entries.map(\.name) == ["a.b \"c\"", "empty"]
          || back.entries.map(\.name) == ["empty", "a.b \"c\""])
      let same = try #require(back["a.b \"c\""])
      #expect(same.dtype == dtype)
      #expect(same.shape == [2, 3])
      #expect(same.floats() == [0, 1, 1, 0, 1, 0])
      #expect(back["empty"]?.shape == [0, 4])
    }
  }

  @Test func viewsAreWrittenInRowMajorOrderAndMetadataStays() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("view.safetensors")
    let view = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]).transposed()
    try Safetensors.write([("view", view)], metadata: ["epoch": "3"], to: path)
    let back = try Safetensors.read(path)
    #expect(back.metadata == ["epoch": "3"])
    #expect(back.tensors["view"]?.floats() == [1, 4, 2, 5, 3, 6])
  }

  @Test func aMissingFileIsAnErrorWithItsPath() {
    #expect(throws: TensorError.self) { try Safetensors.read("nowhere/x.safetensors") }
  }

  @Test(arguments: [
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4, "was cut off"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "takes 8 bytes"),
    (#"{"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}"#, 8, "unknown dtype"),
    (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, "whole numbers"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "start and an end"),
    (
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#, 8,
      "too large to exist"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
      8, "overlaps"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "gap"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8, "after the last tensor"),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      8, "twice"
    ),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "needs dtype, shape and data_offsets"),
    (#"[1]"#, 0, "no JSON object"),
    (#"{"a":"#, 0, "expected a value"),
  ])
  func damagedFilesAreRefusedWithTheReason(_ header: String, _ values: Int, _ reason: String) {
    let problem = problem(file(header, values: values))
    #expect(problem.contains(reason), "\(problem)")
  }

  @Test func aHeaderLengthBeyondTheFileTakesNoMemory() {
    #expect(problem(file("{}", length: .max)).contains("claims a header of 18446744073709551615"))
    #expect(problem(file("{}", length: 1000)).contains("claims a header of 1000 bytes"))
    #expect(problem(Data([1, 2])).contains("fewer than the 8"))
  }

  @Test func everyTruncationOfAFileIsRefused() throws {
    let whole = try Safetensors.encode([("a", .ones([3])), ("b", .zeros([2, 2]))])
    for count in 0..<whole.count {
      #expect(throws: (any Error).self) {
        try Safetensors.decode(Data(whole.prefix(count)), source: "cut")
      }
    }
  }

  @Test func twoTensorsOfOneNameAreNotWritten() {
    #expect(throws: TensorError.self) {
      try Safetensors.encode([("a", .ones([1])), ("a", .ones([1]))])
    }
  }
}

extension SafetensorsTests {
  @Test func aSealIsBrokenByAnyChangedByte() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("sealed.safetensors")
    let tensors = [("a", Tensor([1, 2, 3])), ("b", Tensor([Int](0..<4)))]
    try Safetensors.write(
      tensors, metadata: ["say": "\"smnas-checksum\":\""], to: path, isSealed: true)
    try Safetensors.checkSeal(of: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(try Safetensors.read(path)["b"]?.integers() == [0, 1, 2, 3])
    for place in 8..<whole.count {
      var damaged = whole
      damaged[place] ^= 1
      try damaged.write(to: URL(fileURLWithPath: path))
      #expect(throws: (any Error).self, "byte \(place)") {
        _ = try Safetensors.read(path)
        try Safetensors.checkSeal(of: path, isRequired: true)
      }
    }
    // Files of others have none, and pass.
    try Safetensors.write(tensors, to: path)
    try Safetensors.checkSeal(of: path)
  }
}

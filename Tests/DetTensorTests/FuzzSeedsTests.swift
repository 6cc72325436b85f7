import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetTensor

/// What fuzzing starts from (Fuzz/Seeds), and what it found, is read, or refused, without a trap.
struct FuzzSeedsTests {
  private func seeds(_ target: String) throws -> [(name: String, data: Data)] {
    let folder = Checkout.folder("Fuzz/Seeds/\(target)")
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map {
      ($0, try Files.bytes("\(folder)/\($0)"))
    }
  }

  @Test func archivesAreRead() throws {
    let seeds = try seeds("torch_archive")
    #expect(seeds.count >= 4)
    for seed in seeds {
      let tensors = try? TensorFile(seed.data, source: seed.name).tensors()
      #expect((tensors == nil) == seed.name.hasPrefix("crash"), "\(seed.name)")
    }
  }

  @Test func filesOfEveryKindAreRead() throws {
    let seeds = try seeds("weights_file")
    #expect(seeds.count >= 8)
    for seed in seeds {
      guard case .weights(let format) = WeightsFileKind(seed.data) else { continue }
      let index = try? TensorIndex.read(seed.data, format, source: seed.name)
      let isRefused = format != .shards && index == nil
      #expect(isRefused == seed.name.hasPrefix("crash"), "\(seed.name)")
    }
  }

  @Test func picklesAreRead() throws {
    let seeds = try seeds("pickle")
    #expect(seeds.count >= 4)
    for seed in seeds {
      let contents = try? seed.data.withUnsafeBytes {
        try PickleMachine.read($0, source: seed.name).contents
      }
      #expect((contents == nil) == seed.name.hasPrefix("crash"), "\(seed.name)")
      guard let contents, seed.name == "views.pkl" else { continue }
      let tensors = PickledTensors(contents: contents, source: seed.name) { storage in
        PlacedBytes(writing: .own(Array(repeating: 0, count: 4 * storage.count)))
      }
      let found = StateDictSearch.run(contents) { tensors.isTensor($0) }
      #expect(found.first?.tensors.count == 3)
    }
  }

  @Test func safetensorsAreRead() throws {
    let seeds = try seeds("safetensors")
    #expect(seeds.count >= 3)
    for seed in seeds {
      // As the target does: the length is put before a header without one.
      let length = (seed.data.lastIndex(of: UInt8(ascii: "}")) ?? 0) + 1
      let prefix = withUnsafeBytes(of: UInt64(length).littleEndian) { Data($0) }
      let file = (seed.data.first ?? 0) % 8 == 0 ? seed.data : prefix + seed.data
      let header = try? SafetensorsHeader(file, source: seed.name)
      #expect((header == nil) == seed.name.hasPrefix("crash"), "\(seed.name)")
    }
  }
}

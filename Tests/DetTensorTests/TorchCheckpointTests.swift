import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetTensor

/// Checkpoints that torch.save wrote (Goldens/make_checkpoints.py) read as their safetensors twins do.
struct TorchCheckpointTests {
  private static func path(_ name: String) -> String { Golden.path("checkpoints/\(name)") }

  private func data(_ name: String) throws -> Data { try Files.bytes(Self.path(name)) }

  private func problem(_ data: Data) -> String {
    thrown { try TensorFile(data, source: "x.pth").tensors() }
  }

  @Test(arguments: ["small.pth", "protocol4.pth"])
  func everyTensorIsThatOfTheSafetensorsTwin(_ name: String) throws {
    let file = try TensorFile.open(Self.path(name))
    let twin = try TensorFile.open(Self.path("small.safetensors"))
    #expect(file.format == .torch)
    #expect(twin.format == .safetensors)
    #expect(Set(file.entries) == Set(twin.entries))
    #expect(file.entries.count == 25)
    for entry in twin.entries {
      let expected = try #require(try twin.tensor(entry.name))
      let found = try #require(try file.tensor(entry.name))
      #expect(found.dtype == expected.dtype && found.shape == expected.shape)
      #expect(found.isContiguous)
      let difference = zip(found.bytesAsStored, expected.bytesAsStored).contains { $0 != $1 }
      #expect(!difference, "\(entry.name)")
    }
  }

  @Test func tensorsComeInTheOrderOfTheStateDict() throws {
    let names = try TensorFile.open(Self.path("small.pth")).entries.map(\.name)
    #expect(names.prefix(3) == ["conv.weight", "conv.bias", "bn.weight"])
    #expect(names.last == "parameter")
  }

  @Test func aStateDictIsFoundBesideOptimizerAndEpoch() throws {
    let file = try TensorFile.open(Self.path("nested.pth"))
    #expect(file.entries.map(\.name).contains("conv.weight"))
    #expect(file["conv.weight"]?.shape == [4, 3, 3, 3])
    #expect(file.entries.count == 9)
  }

  @Test(arguments: [
    ("legacy.pth", "format from before 1.6; convert it with"),
    ("namespace.pth", "asks for argparse.Namespace"),
    ("module.pth", "asks for __main__.Net"),
    ("evil.pth", "asks for posix.system"),
    ("int16.pth", "holds a torch.ShortStorage; tensors are float32"),
    ("expanded.pth", "repeats a storage of 1 elements"),
    ("list.pth", "holds a list; a state dict is a dictionary"),
    ("compressed.pth", "is compressed; PyTorch stores"),
  ])
  func whatIsNoStateDictIsRefusedWithTheReason(_ name: String, _ reason: String) throws {
    let problem = problem(try data(name))
    #expect(problem.contains(reason), "\(problem)")
  }

  @Test func nothingInAPickleIsExecuted() throws {
    unlink("/tmp/smnas-was-here")
    #expect(throws: TensorError.self) { try TensorFile.open(Self.path("evil.pth")) }
    #expect(!FileManager.default.fileExists(atPath: "/tmp/smnas-was-here"))
  }

  @Test func everyTruncationIsRefused() throws {
    let whole = try data("small.pth")
    for count in stride(from: 0, to: whole.count, by: 7) {
      #expect(throws: (any Error).self) {
        try TensorFile(Data(whole.prefix(count)), source: "cut").tensors()
      }
    }
  }

  @Test func aFlippedBitInAValueIsFoundByItsChecksum() throws {
    var whole = try data("small.pth")
    let archive = try ZipArchive(whole, source: "x.pth")
    let member = try #require(archive.members.first { $0.name.hasSuffix("data/0") })
    whole[member.range.lowerBound] ^= 1
    #expect(problem(whole).contains("the checksum of \"small/data/0\" is wrong"))
    // The other tensors can still be read.
    let file = try TensorFile(whole, source: "x.pth")
    #expect(try file.tensor("fc.weight")?.shape == [2, 4])
    #expect(throws: TensorError.self) { try file.tensor("conv.weight") }
  }

  @Test func aDamagedFileIsRefusedOrGivesTensorsOfTheShapesItNames() throws {
    var generator = Generator(seed: 20_261_124)
    let whole = try data("small.pth")
    var (refused, read) = (0, 0)
    for _ in 0..<3_000 {
      var damaged = whole
      for _ in 0...generator.index(below: 4) {
        // Half of the damage goes to the table at the end, where sizes and places stand.
        let from = generator.chance(0.5) ? whole.count - 1_900 : 0
        let place = from + generator.index(below: whole.count - from)
        damaged[place] = UInt8(truncatingIfNeeded: generator.next())
      }
      do {
        let file = try TensorFile(damaged, source: "damaged")
        let tensors = try file.tensors()
        read += 1
        let areAsNamed = file.entries.allSatisfy { tensors[$0.name]?.shape == $0.shape }
        #expect(areAsNamed)
      } catch let error as TensorError {
        refused += 1
        #expect(error.description.hasPrefix("damaged"), "\(error)")
      }
    }
    // Half of the places hold values, whose checksums tell, or what no reader looks at.
    #expect(refused > 1000 && read > 30, "\(refused) refused, \(read) read")
  }
}

extension Tensor {
  fileprivate var bytesAsStored: [UInt8] { withMutableBytes { Array($0) } }
}

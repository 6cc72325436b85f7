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

  @Test(arguments: ["small.pth", "protocol4.pth", "legacy.pth"])
  func everyTensorIsThatOfTheSafetensorsTwin(_ name: String) throws {
    let file = try TensorFile.open(Self.path(name))
    let twin = try TensorFile.open(Self.path("small.safetensors"))
    #expect(file.format == (name == "legacy.pth" ? .torchLegacy : .torch))
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

  @Test(arguments: ["namespace.pth", "nested.pth", "module.pth", "deep.pth"])
  func aStateDictIsFoundWhereverItLies(_ name: String) throws {
    let file = try TensorFile.open(Self.path(name))
    let names = [
      "conv.weight", "conv.bias", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var",
      "bn.num_batches_tracked", "fc.weight", "fc.bias",
    ]
    #expect(file.entries.map(\.name) == names)
    for entry in file.entries { #expect(try file.tensor(entry.name)?.shape == entry.shape) }
  }

  @Test func whatLiesBesideAStateDictIsNamedAndPassedOver() throws {
    let file = try TensorFile.open(Self.path("namespace.pth"))
    #expect(file.place == "model" && file.otherPlaces.isEmpty)
    #expect(
      file.passedOver == ["\"args\", a argparse.Namespace", "\"lr_scheduler\", a dictionary"])
    let deep = try TensorFile.open(Self.path("deep.pth"))
    #expect(deep.place == "trainer.1.weights.net" && deep.otherPlaces == ["trainer.1.weights.ema"])
    #expect(deep.passedOver.contains("\"settings\", a __main__.Settings"))
  }

  @Test func tensorsOfKindsThatAreNotHereAreNamedAndPassedOver() throws {
    let file = try TensorFile.open(Self.path("foreign.pth"))
    #expect(try file.tensor("a")?.floats() == [1, 1])
    #expect(file.entries.count == 1)
    #expect(
      file.passedOver == [
        "\"short\" is of the kind torch.ShortStorage",
        "\"sparse\" is made by torch._utils._rebuild_sparse_tensor",
      ])
  }

  @Test(arguments: [
    ("evil.pth", "holds a dictionary, and no tensors by name anywhere in it"),
    ("int16.pth", "\"a\" is of the kind torch.ShortStorage; tensors are float32"),
    ("expanded.pth", "repeats a storage of 1 elements"),
    ("list.pth", "holds a list, and no tensors by name"),
    ("plain.pkl", "\"a\" keeps its values in a torch.storage._load_from_bytes"),
    ("compressed.pth", "is compressed or encrypted, and PyTorch only stores"),
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

  @Test(arguments: ["small.pth", "legacy.pth", "arrays.npz", "arrays2.pkl"])
  func everyTruncationIsRefused(_ name: String) throws {
    let whole = try data(name)
    // All of the last bytes, and some 150 places before them.
    let cuts = Array(stride(from: 0, to: whole.count - 50, by: whole.count / 150))
    for count in cuts + Array(whole.count - 50..<whole.count) {
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

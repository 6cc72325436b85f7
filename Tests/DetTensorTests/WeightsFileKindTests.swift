import Foundation
import TestSupport
import Testing

@testable import DetTensor

/// Every kind of file that comes in place of weights is known by its content, and refused with a way out.
struct WeightsFileKindTests {
  private func golden(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: Golden.path("checkpoints/\(name)")))
  }

  /// A zip file of empty members, with its table.
  private func zip(_ names: [String]) -> Data {
    func number(_ value: Int, _ width: Int) -> [UInt8] {
      (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var (members, table): ([UInt8], [UInt8]) = ([], [])
    for name in names {
      let place = members.count
      let shared = number(20, 2) + number(0, 20) + number(name.utf8.count, 2) + number(0, 2)
      members += [0x50, 0x4B, 3, 4] + shared + Array(name.utf8)
      table += [0x50, 0x4B, 1, 2] + number(20, 2) + shared + number(0, 10) + number(place, 4)
      table += Array(name.utf8)
    }
    let end = number(0, 4) + number(names.count, 2) + number(names.count, 2)
    return Data(
      members + table + [0x50, 0x4B, 5, 6] + end + number(table.count, 4)
        + number(members.count, 4) + number(0, 2))
  }

  private func bytes(_ values: [UInt8], _ more: String = "") -> Data {
    Data(values + Array(more.utf8) + [1, 2, 3, 0xFF])
  }

  private func sample(_ format: TensorFileFormat) throws -> Data {
    switch format {
    case .safetensors: try golden("small.safetensors")
    case .torch: try golden("small.pth")
    case .torchLegacy: try golden("legacy.pth")
    case .pickle: try golden("arrays4.pkl")
    case .npz: try golden("arrays.npz")
    case .shards: Data(#"{"weight_map": {"a": "1.safetensors"}}"#.utf8)
    }
  }

  /// A file of the kind, and a word of the way out.
  private func sample(_ kind: OtherFileKind) throws -> (data: Data, cure: String) {
    switch kind {
    case .torchScript: (try golden("script.pt"), "torch.jit.load(\"x.pth\"")
    case .torchExport: (try golden("export.pt2"), "torch.export.load(\"x.pth\").state_dict")
    case .torchPackage: (zip(["net/.data/extern_modules"]), "torch.package.PackageImporter")
    case .executorch: (bytes([8, 0, 0, 0], "ET12"), "the .pth or .safetensors")
    // Version 8, producer "pytorch", a graph.
    case .onnx:
      (
        bytes([8, 8, 0x12, 7], "pytorch" + "\u{3A}\u{7F}"), "onnx.load(\"x.pth\").graph.initializer"
      )
    case .gguf: (bytes([], "GGUF"), "the .pth or .safetensors")
    case .hdf5: (bytes([0x89], "HDF\r\n\u{1A}\n"), "safetensors.numpy.save_file")
    case .keras: (zip(["config.json", "model.weights.h5"]), "safetensors.numpy.save_file")
    case .tensorflowCheckpoint:
      (
        Data([0, 1, 0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]), "safetensors.numpy.save_file"
      )
    // A node "x" of the operation "Const".
    case .tensorflowModel:
      (bytes([0x0A, 0x0A, 0x0A, 1], "x\u{12}\u{5}Const"), "safetensors.numpy.save_file")
    case .tflite: (bytes([0x1C, 0, 0, 0], "TFL3"), "safetensors.numpy.save_file")
    case .messagePack: (bytes([0x81, 0xA6], "params"), "safetensors.numpy.save_file")
    case .joblib: (try golden("arrays.joblib"), "joblib.load(\"x.pth\")")
    case .darknet:
      (Data([0, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0, 1, 2, 3, 4, 0xFF]), "safetensors.numpy.save_file")
    case .npy: (bytes([0x93], "NUMPY\u{1}"), "numpy.savez(")
    case .zip:
      (zip(["a/net.pth", "readme"]), "2 other files: \"a/net.pth\", \"readme\"; unpack it")
    case .damagedZip: (try golden("small.pth").prefix(4000), "its 4000 bytes do not end as one")
    case .gzip: (bytes([0x1F, 0x8B]), "gunzip")
    case .zstd: (bytes([0x28, 0xB5, 0x2F, 0xFD]), "zstd -d \"x.pth\"")
    case .xz: (bytes([0xFD], "7zXZ\0"), "xz -dk")
    case .bzip2: (bytes([], "BZh9"), "bunzip2")
    case .lz4: (bytes([4, 0x22, 0x4D, 0x18]), "lz4 -d")
    case .sevenZip: (bytes([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]), "7z x")
    case .rar: (bytes([], "Rar!\u{1A}\u{7}"), "unrar x")
    case .tar:
      (
        Data(Array("weights.pth".utf8) + Array(repeating: 0, count: 246)) + bytes([], "ustar"),
        "tar -xf"
      )
    case .gitLFSPointer:
      (
        Data("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 97781949\n".utf8),
        "a file of 97781949 bytes, not the file; fetch it: git lfs pull"
      )
    case .html: (Data("\u{FEFF}\n<!DOCTYPE html><p>Sign in".utf8), "download it again")
    case .xml: (Data("<?xml version=\"1.0\"?><Error>".utf8), "download it again")
    case .json: (Data(#"{"error": "Not found"}"#.utf8), "\"Not found\"}\"; name the file")
    case .text: (Data("Access denied\n".utf8), "\"Access denied\"; name the file of weights")
    case .picture: (bytes([0xFF, 0xD8, 0xFF]), "name a file of weights")
    case .zeros: (Data(count: 70_000), "70000 bytes that begin with nothing but zeros")
    case .empty: (Data(), "it has 0 bytes; download or copy it again")
    case .unknown: (Data([3, 1, 4, 1, 5, 9, 2, 6, 5]), "start with 03 01 04 01 05 09 02 06")
    }
  }

  @Test(arguments: TensorFileFormat.allCases)
  func whatIsReadIsKnownByItsContent(_ format: TensorFileFormat) throws {
    #expect(WeightsFileKind(try sample(format)) == .weights(format))
  }

  @Test(arguments: OtherFileKind.allCases)
  func whatIsNotReadIsNamedWithAWayOut(_ kind: OtherFileKind) throws {
    let (data, cure) = try sample(kind)
    #expect(WeightsFileKind(data) == .other(kind))
    let problem = thrown { try TensorFile(data, source: "there/x.pth") }
    #expect(problem.hasPrefix("there/x.pth: ") && problem.contains(cure), "\(problem)")
    #expect(problem.contains("; "), "\(problem)")
  }

  @Test func otherFormsOfAKindAreKnown() throws {
    func kind(_ data: Data) -> WeightsFileKind { WeightsFileKind(data) }
    #expect(kind(try golden("arrays0.pkl")) == .weights(.pickle))
    #expect(kind(zip(["x/archive_format"])) == .other(.torchExport))
    #expect(kind(zip(["x/code/__torch__/a.py", "x/data.pkl"])) == .other(.torchScript))
    #expect(kind(zip(["a.npy", "b.npy"])) == .weights(.npz))
    #expect(kind(zip(["x/data.pkl"])) == .weights(.torch))
    #expect(kind(bytes([0x78, 0x9C])) == .other(.joblib))
    #expect(kind(Data("model_checkpoint_path: \"a\"".utf8)) == .other(.tensorflowCheckpoint))
    // A SavedModel: version 1, then a graph that starts with a message.
    #expect(kind(bytes([8, 1, 0x12, 0x7F, 0x0A])) == .other(.tensorflowModel))
    #expect(kind(Data("<svg>".utf8)) == .other(.xml))
    #expect(kind(Data("[1]".utf8)) == .other(.json))
  }

  @Test func theStartOfAnyKindIsNoTrap() throws {
    for kind in OtherFileKind.allCases {
      let data = try sample(kind).data
      for count in 0..<min(64, data.count) {
        #expect(throws: (any Error).self) { try TensorFile(data.prefix(count), source: "x") }
      }
    }
  }

  @Test func aFolderIsRefusedWithTheFileToName() throws {
    let folder = try TemporaryFolder()
    #expect(thrown { try TensorFile.open(folder.path) }.contains("is a folder; name the file"))
    try folder.write("b.pth", "x")
    #expect(thrown { try TensorFile.open(folder.path) }.hasSuffix("in it: \(folder.file("b.pth"))"))
    try folder.write("model.safetensors", "x")
    #expect(
      thrown { try TensorFile.open(folder.path) }.hasSuffix(
        "it: \(folder.file("model.safetensors"))")
    )
    try folder.write("data.pkl", "x")
    #expect(thrown { try TensorFile.open(folder.path) }.contains("was unpacked; name the .pth"))
  }
}

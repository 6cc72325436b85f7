import DetBasics
internal import Foundation

extension OtherFileKind {
  /// Why a file of this kind is not read, and the way to one that is.
  ///
  /// `path` names the file, also in the commands of a cure.
  func refusal(of data: Data, path: String) -> TensorError {
    let (problem, cure) = words(data, FilePath.name(of: path))
    return .file(path: path, problem: "\(problem); \(cure)")
  }

  private typealias Words = (problem: String, cure: String)

  private func words(_ data: Data, _ name: String) -> Words {
    switch self {
    case .torchScript:
      (
        "is TorchScript, a program with its weights, and no state dict",
        "in Python: torch.save(torch.jit.load(\"\(name)\", map_location=\"cpu\").state_dict(), \"weights.pth\")"
      )
    case .torchExport:
      (
        "is an exported program of PyTorch (torch.export), and no state dict",
        "in Python: torch.save(torch.export.load(\"\(name)\").state_dict, \"weights.pth\")"
      )
    case .torchPackage:
      (
        "is a package of PyTorch (torch.package), a program with its weights",
        "load the model with torch.package.PackageImporter(\"\(name)\"), then "
          + "torch.save(model.state_dict(), \"weights.pth\")"
      )
    case .executorch:
      (
        "is a program for ExecuTorch, whose weights have lost their names",
        "name the .pth or .safetensors that it was made from"
      )
    case .onnx:
      (
        "is a model in ONNX, and no state dict",
        "name the .pth it was exported from; or, where names were kept, in Python: safetensors.numpy.save_file({t.name: "
          + "onnx.numpy_helper.to_array(t) for t in onnx.load(\"\(name)\").graph.initializer}, \"weights.safetensors\")"
      )
    case .gguf:
      (
        "is a model of llama.cpp (GGUF or GGML), whose tensors are mostly quantised",
        "name the .pth or .safetensors that it was made from"
      )
    case .hdf5: ("is HDF5, as Keras writes weights", Self.otherNames)
    case .keras: ("is a model of Keras, a zip file with weights in HDF5", Self.otherNames)
    case .tensorflowCheckpoint: ("belongs to a checkpoint of TensorFlow", Self.otherNames)
    case .tensorflowModel: ("is a graph of TensorFlow", Self.otherNames)
    case .tflite: ("is a model of TensorFlow Lite", Self.otherNames)
    case .messagePack: ("is MessagePack, as Flax writes weights", Self.otherNames)
    case .darknet: ("is a file of weights of Darknet, which has no names", Self.otherNames)
    case .joblib:
      (
        "is what joblib writes, or a pickle compressed by zlib",
        "in Python, for arrays by name: numpy.savez(\"weights.npz\", **joblib.load(\"\(name)\"))"
      )
    case .npy:
      (
        "is one array of numpy without a name",
        "save arrays by name, in Python: numpy.savez(\"weights.npz\", **arrays)"
      )
    case .zip: Self.zip(data, name)
    case .damagedZip: Self.damagedZip(data, name)
    case .gzip: ("is compressed by gzip", "unpack it first: gunzip -k -S \"\" \"\(name)\"")
    case .zstd: ("is compressed by zstd", "unpack it first: zstd -d \"\(name)\"")
    case .xz: ("is compressed by xz", "unpack it first: xz -dk \"\(name)\"")
    case .bzip2: ("is compressed by bzip2", "unpack it first: bunzip2 -k \"\(name)\"")
    case .lz4: ("is compressed by lz4", "unpack it first: lz4 -d \"\(name)\"")
    case .sevenZip: ("is an archive of 7-Zip", "unpack it first: 7z x \"\(name)\"")
    case .rar: ("is an archive of RAR", "unpack it first: unrar x \"\(name)\"")
    case .tar:
      (
        "is a tar archive",
        "unpack it first, tar -xf \"\(name)\", and name the file of weights in it"
      )
    case .gitLFSPointer:
      (
        "is a pointer of Git LFS to a file of \(Self.pointedSize(data)) bytes, not the file",
        "fetch it: git lfs pull"
      )
    case .html: ("is a page of a server, not a file of weights: \(Self.start(data))", Self.again)
    case .xml:
      ("is XML, a server's error or a description, no weights: \(Self.start(data))", Self.again)
    case .json:
      (
        "is JSON, a server's error or settings, no weights: \(Self.start(data))",
        "name the file of weights beside it, or \(Self.again)"
      )
    case .text: ("is text, no weights: \(Self.start(data))", "name the file of weights")
    case .picture: ("is a picture", "name a file of weights")
    case .zeros:
      (
        "has \(data.count) bytes that begin with nothing but zeros: space that was taken and never filled",
        "download or copy it again"
      )
    case .empty: ("is empty: it has 0 bytes", "download or copy it again")
    case .unknown:
      (
        "is of no kind of weights that is known: its \(data.count) bytes start with \(Self.bytes(data))",
        "name what torch.save or safetensors wrote, and compare its size with that of the source"
      )
    }
  }

  private static let otherNames =
    "its tensors have other names and orders than PyTorch's: name a .pth or .safetensors of the same model, or write "
    + "its arrays under torchvision's names with safetensors.numpy.save_file"

  private static let again = "download it again, from the address of the file itself"

  private static func zip(_ data: Data, _ name: String) -> Words {
    let members = (try? ZipArchive(data, source: name))?.members ?? []
    let names = members.prefix(3).map { "\"\($0.name)\"" }.joined(separator: ", ")
    return (
      "is a zip file of \(members.count) other files: \(names)",
      "unpack it, and name the file of weights in it"
    )
  }

  /// The reader of zip files says what is damaged.
  private static func damagedZip(_ data: Data, _ name: String) -> Words {
    let size = "compare its size of \(data.count) bytes with that of the source"
    do {
      _ = try ZipArchive(data, source: name)
      return ("was changed while it was read", "try again")
    } catch TensorError.file(_, let problem) {
      return (problem, size)
    } catch {
      return ("is a damaged zip file: \(error)", size)
    }
  }

  private static func pointedSize(_ data: Data) -> Substring {
    let lines = WeightsFileKind.text(Array(data.prefix(1000))).split(whereSeparator: \.isNewline)
    return lines.first { $0.hasPrefix("size ") }?.dropFirst(5).prefix(20) ?? "unknown many"
  }

  /// The first line of a text, cut.
  private static func start(_ data: Data) -> String {
    let lines = WeightsFileKind.text(Array(data.prefix(1000))).split(whereSeparator: \.isNewline)
    return lines.first.map { "\"\($0.prefix(80))\"" } ?? "\"\""
  }

  private static func bytes(_ data: Data) -> String {
    data.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}

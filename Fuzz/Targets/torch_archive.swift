// fuzz: modules DetBasics
// fuzz: sources Sources/DetTensor/DType.swift Sources/DetTensor/Device.swift Sources/DetTensor/TensorError.swift
// fuzz: sources Sources/DetTensor/Checkpoints/PickleValue.swift Sources/DetTensor/Checkpoints/PickleMachine.swift
// fuzz: sources Sources/DetTensor/Checkpoints/StridedView.swift Sources/DetTensor/Checkpoints/CRC32.swift
// fuzz: sources Sources/DetTensor/Checkpoints/ZipArchive.swift Sources/DetTensor/Checkpoints/ZipReader.swift
// fuzz: sources Sources/DetTensor/Checkpoints/TorchArchive.swift Fuzz/Support/require.swift
// fuzz: dictionary zip
import Foundation

/// Whole `.pth` files: every member and every tensor lies within the file, and the values can be copied out.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTorchArchive(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let data = Data(bytes: bytes, count: count)
  if let zip = try? ZipArchive(data, source: "fuzz") {
    for member in zip.members {
      require(member.range.lowerBound >= 0 && member.range.upperBound <= count, "a member outside")
      require(zip[member.name]?.range == member.range, "a member that is not found by its name")
    }
  }
  guard let archive = try? TorchArchive(data, source: "fuzz") else { return 0 }
  for entry in archive.entries {
    require(entry.view.byteCount <= entry.member.range.count, "a tensor larger than its storage")
    try? archive.check(entry, in: data)
    var copy = [UInt8](repeating: 0, count: entry.view.byteCount)
    data.withUnsafeBytes { source in
      // A storage of its own, so that AddressSanitizer sees whatever leaves it.
      let storage = Array(source[entry.member.range])
      copy.withUnsafeMutableBytes { target in
        storage.withUnsafeBytes { entry.view.gather(from: $0, into: target) }
      }
    }
  }
  return 0
}

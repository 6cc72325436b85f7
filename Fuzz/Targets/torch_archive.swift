// fuzz: modules DetBasics
// fuzz: sources Sources/DetTensor/DType.swift Sources/DetTensor/Device.swift Sources/DetTensor/TensorError.swift
// fuzz: sources Sources/DetTensor/Checkpoints/Reading/*.swift Sources/DetTensor/Checkpoints/Reading/*/*.swift
// fuzz: sources Fuzz/Support/require.swift Fuzz/Support/index.swift Fuzz/Support/mended_zip.swift
// fuzz: dictionary zip
// fuzz: length 2048
import Foundation

/// Zip files, as `torch.save` and `numpy.savez` write them: every member and every tensor lies within the file, and the values can
/// be copied out. Checksums are mended in most inputs.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTorchArchive(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  var file = [UInt8](UnsafeBufferPointer(start: bytes, count: count))
  // The last byte is zero in files without a comment.
  if let last = file.last, last % 8 != 7 { mendZip(&file) }
  let data = Data(file)
  guard let zip = try? ZipArchive(data, source: "fuzz") else { return 0 }
  for member in zip.members {
    require(member.range.lowerBound >= 0 && member.range.upperBound <= count, "a member outside")
    require(zip[member.name]?.range == member.range, "a member that is not found by its name")
  }
  if let index = try? TorchArchive.index(data, zip, source: "fuzz") { check(index, data) }
  if let index = try? NpzArchive.index(data, zip, source: "fuzz") { check(index, data) }
  return 0
}

// fuzz: modules DetBasics
// fuzz: sources Sources/DetTensor/DType.swift Sources/DetTensor/Device.swift Sources/DetTensor/TensorError.swift
// fuzz: sources Sources/DetTensor/Checkpoints/Reading/*.swift Sources/DetTensor/Checkpoints/Reading/*/*.swift
// fuzz: sources Fuzz/Support/require.swift Fuzz/Support/index.swift
// fuzz: dictionary weights
// fuzz: length 640
import Foundation

/// Files of any kind: each is of some kind, what is read has tensors that lie within it, and what is not read is refused with words.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWeightsFile(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let data = Data(bytes: bytes, count: count)
  switch WeightsFileKind(data) {
  case .other(let kind):
    require(kind.refusal(of: data, path: "fuzz").description.contains("; "), "no way out")
  case .weights(.shards):
    guard let list = try? ShardIndex(data, source: "fuzz") else { return 0 }
    for place in list.places {
      require(list.files.contains(place.file) && !place.file.contains("/"), "a file elsewhere")
    }
  case .weights(let format):
    if let index = try? TensorIndex.read(data, format, source: "fuzz") { check(index, data) }
  }
  return 0
}

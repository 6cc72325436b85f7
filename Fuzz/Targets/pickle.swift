// fuzz: modules DetBasics
// fuzz: sources Sources/DetTensor/DType.swift Sources/DetTensor/Device.swift Sources/DetTensor/TensorError.swift
// fuzz: sources Sources/DetTensor/Checkpoints/Reading/*.swift Sources/DetTensor/Checkpoints/Reading/*/*.swift
// fuzz: sources Fuzz/Support/require.swift Fuzz/Support/index.swift
// fuzz: dictionary pickle
// fuzz: length 512
import Foundation

/// Pickles: what is read has values that refer to what is there, and tensors that lie in their storages.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPickle(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let data = Data(bytes: bytes, count: count)
  guard
    let (contents, end) = try? data.withUnsafeBytes({ try PickleMachine.read($0, source: "fuzz") })
  else { return 0 }
  require(end <= count, "an end behind the file")
  check(contents, count)
  // Storages of the size that the pickle says, up to one that can be copied.
  let index = try? TensorIndex(contents, in: data, source: "fuzz") { storage in
    let size = min(1 << 12, storage.count) * (storage.elementSize ?? 1)
    return PlacedBytes(writing: .own([UInt8](repeating: 1, count: size)))
  }
  if let index { check(index, data) }
  return 0
}

/// Every number of a value is that of something.
private func check(_ contents: PickleContents, _ count: Int) {
  let inObjects = contents.objects.flatMap { object in
    [object.maker, object.arguments, object.state] + object.elements
      + object.pairs.flatMap { [$0.key, $0.value] }
  }
  let values =
    [contents.root] + contents.sequences.flatMap { $0 } + contents.identities + inObjects
    + contents.dictionaries.flatMap { $0.flatMap { [$0.key, $0.value] } }
  for value in values {
    switch value {
    case .sequence(let number): require(contents.sequences.indices.contains(number), "a list")
    case .dictionary(let number):
      require(contents.dictionaries.indices.contains(number), "a dictionary")
    case .object(let number): require(contents.objects.indices.contains(number), "an object")
    case .bytes(let number): require(contents.blobs.indices.contains(number), "bytes")
    case .persistent(let number): require(contents.identities.indices.contains(number), "a storage")
    case .none, .bool, .whole, .large, .real, .text, .global: break
    }
  }
  for case .stored(let range) in contents.blobs {
    require(range.lowerBound >= 0 && range.upperBound <= count, "bytes outside the pickle")
  }
}

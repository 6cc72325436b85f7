// fuzz: modules DetBasics
// fuzz: sources Sources/DetTensor/DType.swift Sources/DetTensor/Device.swift Sources/DetTensor/TensorError.swift
// fuzz: sources Sources/DetTensor/Checkpoints/PickleValue.swift Sources/DetTensor/Checkpoints/PickleMachine.swift
// fuzz: sources Sources/DetTensor/Checkpoints/StridedView.swift Fuzz/Support/require.swift
// fuzz: dictionary pickle

/// Pickles of checkpoints: what is read has values that refer to what is there, and tensors that lie in their storages.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPickle(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  guard let contents = try? PickleMachine.read(input, source: "fuzz") else { return 0 }
  let values =
    [contents.root] + contents.sequences.flatMap { $0 }
    + contents.dictionaries.flatMap { $0.flatMap { [$0.key, $0.value] } }
  for value in values {
    switch value {
    case .sequence(let number): require(contents.sequences.indices.contains(number), "a list")
    case .dictionary(let number):
      require(contents.dictionaries.indices.contains(number), "a dictionary")
    case .storage(let number): require(contents.storages.indices.contains(number), "a storage")
    case .tensor(let number): require(contents.tensors.indices.contains(number), "a tensor")
    case .none, .bool, .whole, .real, .text, .global: break
    }
  }
  for view in contents.tensors { gather(view, contents.storages[view.storage].count) }
  return 0
}

/// Copies a view out of a storage of exactly its size: AddressSanitizer sees whatever leaves it.
private func gather(_ view: StridedView, _ available: Int) {
  require(view.count <= available, "a view of more elements than its storage")
  guard available <= 1 << 12 else { return }
  let storage = [UInt8](repeating: 1, count: available * view.dtype.size)
  var copy = [UInt8](repeating: 0, count: view.byteCount)
  copy.withUnsafeMutableBytes { target in
    storage.withUnsafeBytes { view.gather(from: $0, into: target) }
  }
  require(copy.allSatisfy { $0 == 1 }, "a byte that was not copied")
}

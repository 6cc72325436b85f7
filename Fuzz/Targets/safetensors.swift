// fuzz: modules DetBasics
// fuzz: sources Sources/DetTensor/DType.swift Sources/DetTensor/Device.swift Sources/DetTensor/TensorError.swift
// fuzz: sources Sources/DetTensor/Checkpoints/Reading/DType+Safetensors.swift Sources/DetTensor/Checkpoints/Reading/SafetensorsHeader.swift
// fuzz: sources Fuzz/Support/require.swift
// fuzz: dictionary safetensors
import Foundation

/// Headers of safetensors: tensors cover the values without gap or overlap, each as large as its shape says.
///
/// The input is the header's text and the values behind it; the eight bytes of the length are put before it, so that
/// mutations meet the text, and in one input of eight they are the input's own.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSafetensors(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let input = UnsafeBufferPointer(start: bytes, count: count)
  guard let first = input.first else { return 0 }
  var data = Data()
  if first % 8 != 0 {
    // The header ends with the last brace; what follows are values.
    let length = input.lastIndex(of: UInt8(ascii: "}")).map { $0 + 1 } ?? count
    withUnsafeBytes(of: UInt64(length).littleEndian) { data.append(contentsOf: $0) }
  }
  data.append(contentsOf: input)
  guard let header = try? SafetensorsHeader(data, source: "fuzz") else { return 0 }
  var end = 0
  for entry in header.entries {
    require(entry.range.lowerBound == end, "a gap or an overlap")
    let size = entry.shape.reduce(entry.dtype.size) { $0 &* $1 }
    require(size == entry.range.count, "a tensor of another size than its shape's")
    end = entry.range.upperBound
  }
  require(header.valuesStart + end == data.count, "values that belong to no tensor")
  return 0
}

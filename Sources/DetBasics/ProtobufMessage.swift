package import Foundation

/// A message in protobuf's wire format, made field by field (protobuf.dev/programming-guides/encoding).
package struct ProtobufMessage {
  /// The bytes so far.
  package private(set) var data = Data()

  /// A message without fields.
  package init() {}

  private enum WireType: UInt64 {
    case varint = 0
    case eightBytes = 1
    case length = 2
    case fourBytes = 5
  }

  /// An integer; a negative one takes ten bytes.
  package mutating func add(_ field: UInt64, _ value: Int) {
    key(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// A number of 64 bits.
  package mutating func add(_ field: UInt64, _ value: Double) {
    key(field, .eightBytes)
    fixed(value.bitPattern, bytes: 8)
  }

  /// A number of 32 bits.
  package mutating func add(_ field: UInt64, _ value: Float) {
    key(field, .fourBytes)
    fixed(UInt64(value.bitPattern), bytes: 4)
  }

  /// Bytes as they are.
  package mutating func add(_ field: UInt64, _ bytes: Data) {
    key(field, .length)
    varint(UInt64(bytes.count))
    data.append(bytes)
  }

  /// A text, in UTF-8.
  package mutating func add(_ field: UInt64, _ text: String) { add(field, Data(text.utf8)) }

  /// A message within this one.
  package mutating func add(_ field: UInt64, _ message: ProtobufMessage) {
    add(field, message.data)
  }

  private mutating func key(_ field: UInt64, _ type: WireType) {
    varint(field << 3 | type.rawValue)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 128 {
      data.append(UInt8(rest & 127 | 128))
      rest >>= 7
    }
    data.append(UInt8(rest))
  }

  private mutating func fixed(_ bits: UInt64, bytes: UInt64) {
    for place in 0..<bytes { data.append(UInt8(truncatingIfNeeded: bits >> (8 * place))) }
  }
}

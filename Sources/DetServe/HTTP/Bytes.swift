import CHTTP
package import Foundation

/// Bytes at a fixed place in memory, which the network reads without a copy.
package final class Bytes: @unchecked Sendable {
  // Written once, before anybody else has it.
  let start: UnsafeRawPointer
  package let count: Int
  private let free: (UnsafeMutableRawPointer) -> Void

  /// Copies bytes.
  package init(_ bytes: some Collection<UInt8>) {
    count = bytes.count
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, bytes.count), alignment: 16)
    UnsafeMutableRawBufferPointer(start: memory, count: bytes.count).copyBytes(from: bytes)
    start = UnsafeRawPointer(memory)
    free = { $0.deallocate() }
  }

  private init(taking memory: UnsafeMutableRawPointer, count: Int) {
    self.count = count
    start = UnsafeRawPointer(memory)
    free = { chttp_free($0) }
  }

  deinit { free(UnsafeMutableRawPointer(mutating: start)) }

  /// A text in UTF-8.
  package convenience init(_ text: String) { self.init(Array(text.utf8)) }

  /// The same as a gzip file; nil without memory for it.
  func gzipped() -> Bytes? {
    var made = 0
    return chttp_gzip(start, count, &made).map { Bytes(taking: $0, count: made) }
  }

  /// The same as blocks of raw deflate that may follow any others.
  func deflated() -> Bytes? {
    var made = 0
    return chttp_deflate_block(start, count, &made).map { Bytes(taking: $0, count: made) }
  }

  /// A copy, for those who look at it.
  package var data: Data { Data(bytes: start, count: count) }
}

import Foundation

extension Ring {
  /// Arrays up to this size go around whole: fewer steps. Larger ones go in parts: fewer bytes.
  private static let wholeBytes = 16 << 10

  /// Replaces numbers by their sums over all ranks.
  ///
  /// Every rank adds up one part of the array while the parts go around once; the sums go around once more. So each sends
  /// and receives twice the array, however many ranks there are.
  public func sum(_ values: UnsafeMutableBufferPointer<Float>) throws {
    guard count > 1, !values.isEmpty else { return }
    if values.count * MemoryLayout<Float>.size <= Self.wholeBytes {
      let sums = try sum(values.map(Double.init))
      for (place, sum) in sums.enumerated() { values[place] = Float(sum) }
      return
    }
    try begin(.sum, bytes: values.count * MemoryLayout<Float>.size)
    let bounds = (0...count).map { $0 * values.count / count }
    func part(_ number: Int) -> UnsafeMutableBufferPointer<Float> {
      let own = (number % count + count) % count
      return .init(rebasing: values[bounds[own]..<bounds[own + 1]])
    }
    var arrived = [Float](repeating: 0, count: values.count / count + 1)
    for step in 0..<count - 1 {
      let target = part(rank - step - 1)
      try arrived.withUnsafeMutableBufferPointer { arrived in
        let term = UnsafeMutableBufferPointer(rebasing: arrived[..<target.count])
        try exchange(.init(part(rank - step)), .init(term))
        for index in target.indices { target[index] += term[index] }
      }
    }
    for step in 0..<count - 1 {
      try exchange(.init(part(rank - step + 1)), .init(part(rank - step)))
    }
  }

  /// The sums of a few numbers over all ranks, added in the order of the ranks.
  public func sum(_ values: [Double]) throws -> [Double] {
    guard count > 1, !values.isEmpty else { return values }
    let size = values.count * MemoryLayout<Double>.size
    try begin(.sum, bytes: size)
    let own = values.withUnsafeBytes { Array($0) }
    let all = try gather(own, sizes: Array(repeating: size, count: count))
    var sums = [Double](repeating: 0, count: values.count)
    for bytes in all {
      bytes.withUnsafeBytes { raw in
        for index in sums.indices {
          sums[index] += raw.loadUnaligned(
            fromByteOffset: index * MemoryLayout<Double>.size, as: Double.self)
        }
      }
    }
    return sums
  }

  /// The bytes of every rank, in the order of the ranks; they may differ in number.
  public func gather(_ bytes: [UInt8]) throws -> [[UInt8]] {
    guard count > 1 else { return [bytes] }
    try begin(.gather, bytes: 0)
    let size = withUnsafeBytes(of: UInt64(bytes.count)) { Array($0) }
    let sizes = try gather(size, sizes: Array(repeating: size.count, count: count)).map { bytes in
      Int(bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
    }
    return try gather(bytes, sizes: sizes)
  }

  /// Waits until all ranks have come here.
  public func barrier() throws { _ = try gather([]) }

  /// Everybody's bytes go around once.
  private func gather(_ bytes: [UInt8], sizes: [Int]) throws -> [[UInt8]] {
    var all = sizes.map { _ in [UInt8]() }
    all[rank] = bytes
    for step in 0..<count - 1 {
      let (from, to) = (rank(before: step), rank(before: step + 1))
      var arrived = [UInt8](repeating: 0, count: sizes[to])
      try all[from].withUnsafeBytes { outgoing in
        try arrived.withUnsafeMutableBytes { try exchange(outgoing, $0) }
      }
      all[to] = arrived
    }
    return all
  }

  /// Replaces bytes by those of rank 0. They go down the ring in pieces, each sent on while the next arrives.
  public func broadcast(_ bytes: UnsafeMutableRawBufferPointer) throws {
    guard count > 1, !bytes.isEmpty else { return }
    try begin(.broadcast, bytes: bytes.count)
    let piece = 1 << 20
    let bounds = Array(stride(from: 0, to: bytes.count, by: piece)) + [bytes.count]
    let pieces = bounds.count - 1
    let none = bytes[0..<0]
    for step in 0...pieces {
      let isReceived = rank > 0 && step < pieces
      let sent = rank == 0 ? step : step - 1
      let isSent = rank < count - 1 && (0..<pieces).contains(sent)
      let incoming = isReceived ? bytes[bounds[step]..<bounds[step + 1]] : none
      let outgoing = isSent ? bytes[bounds[sent]..<bounds[sent + 1]] : none
      try exchange(
        UnsafeRawBufferPointer(rebasing: outgoing),
        UnsafeMutableRawBufferPointer(rebasing: incoming))
    }
  }
}

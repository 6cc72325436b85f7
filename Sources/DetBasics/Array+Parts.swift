extension Array {
  /// The elements in parts of so many, in their order; the last part may have fewer.
  package func parts(of size: Int) -> [[Element]] {
    precondition(size > 0, "parts of \(size) elements")
    return stride(from: 0, to: count, by: size).map {
      Array(self[$0..<Swift.min($0 + size, count)])
    }
  }
}

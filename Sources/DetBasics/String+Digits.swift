extension String {
  /// Digits with as many zeros before them as it takes to have so many.
  package func paddedWithZeros(to count: Int) -> String {
    String(repeating: "0", count: max(0, count - self.count)) + self
  }
}

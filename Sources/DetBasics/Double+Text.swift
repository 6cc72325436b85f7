extension BinaryFloatingPoint {
  /// The number with a fixed count of decimals, "." as separator whatever the locale.
  public func fixed(_ decimals: Int) -> String {
    let value = Double(self)
    guard value.isFinite else { return value.isNaN ? "nan" : (value < 0 ? "-inf" : "inf") }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    guard abs(value) * scale < 1e15 else { return "\(value)" }
    let scaled = Int64((abs(value) * scale).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(scaled)" }
    let padded = String(scaled).paddedWithZeros(to: decimals + 1)
    return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }

  /// The number with so many figures, as far as decimals give them; of three: `0.52`, `9.99`, `31.2`, `310`, `4100`.
  public func figures(_ count: Int) -> String {
    precondition(count >= 1, "a number has at least one figure, not \(count)")
    var decimals = count - 1
    var ceiling = 10.0
    // Rounded first: 9.996 is 10.0, not 10.00.
    while decimals > 0, rounded(to: decimals) >= ceiling {
      decimals -= 1
      ceiling *= 10
    }
    return fixed(decimals)
  }

  private func rounded(to decimals: Int) -> Double {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    return (Double(magnitude) * scale).rounded() / scale
  }
}

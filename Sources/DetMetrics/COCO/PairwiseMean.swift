/// Means that agree with numpy's to the last bit: its pairwise summation, in its order.
enum PairwiseMean {
  /// The mean of all values above -1, or -1 when there is none: pycocotools' `np.mean(s[s > -1])`.
  static func overDefined(_ values: [Double]) -> Double {
    let defined = values.filter { $0 > -1 }
    guard !defined.isEmpty else { return -1 }
    return defined.withUnsafeBufferPointer { sum($0) } / Double(defined.count)
  }

  /// Blocks of up to 128 in eight running sums; longer runs are halved at a multiple of eight.
  private static func sum(_ values: UnsafeBufferPointer<Double>) -> Double {
    let count = values.count
    if count < 8 { return values.reduce(0, +) }
    if count > 128 {
      var half = count / 2
      half -= half % 8
      return sum(UnsafeBufferPointer(rebasing: values[..<half]))
        + sum(UnsafeBufferPointer(rebasing: values[half...]))
    }
    var sums = SIMD8<Double>(
      values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7])
    var place = 8
    while place + 8 <= count {
      for lane in 0..<8 { sums[lane] += values[place + lane] }
      place += 8
    }
    let left = (sums[0] + sums[1]) + (sums[2] + sums[3])
    let right = (sums[4] + sums[5]) + (sums[6] + sums[7])
    var total = left + right
    for rest in place..<count { total += values[rest] }
    return total
  }
}

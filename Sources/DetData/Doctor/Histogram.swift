/// How many numbers fall between neighbouring edges; what lies beyond the outermost edges is counted with them.
public struct Histogram: Sendable, Equatable, Codable {
  /// The inner edges, rising; a number on an edge belongs above it.
  public let edges: [Double]
  /// One more than there are edges: below the first, between them, from the last on.
  public let counts: [Int]

  /// Counts numbers.
  public init(_ numbers: [Double], edges: [Double]) {
    var counts = [Int](repeating: 0, count: edges.count + 1)
    for number in numbers {
      var bin = 0
      while bin < edges.count, number >= edges[bin] { bin += 1 }
      counts[bin] += 1
    }
    self.edges = edges
    self.counts = counts
  }

  /// Sides of boxes in pixels, doubling from 4 to 1024.
  static let sides: [Double] = [4, 8, 16, 32, 64, 128, 256, 512, 1024]
  /// Width over height, an eighth to eight.
  static let ratios: [Double] = [0.125, 0.25, 0.35, 0.5, 0.7, 1, 1.4, 2, 2.8, 4, 8]
}

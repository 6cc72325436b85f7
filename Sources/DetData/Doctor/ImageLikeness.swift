import DetBasics

/// What an image looks like, coarsely: much the same for a copy that was compressed again or resized.
///
/// A difference hash (Krawetz 2013: is each of 9 x 8 grey cells darker than the one to its right?) finds candidates, and
/// the correlation of 18 x 16 cells decides, as hashes of 64 bits are alike by chance in large data sets.
struct ImageLikeness: Sendable {
  /// The hash: bit 8 x row + column.
  let hash: UInt64
  /// Width over height.
  let aspect: Double
  /// Grey cells by row, their mean taken off, the sum of their squares 1.
  private let cells: [Float]

  private static let columns = 18
  private static let rows = 16
  /// Grey levels (of 255) by which cells must differ from their mean; flatter images all look alike.
  private static let leastDeviation: Float = 4
  /// A hash with fewer set, or unset, bits is that of a gradient, of which there are many.
  private static let fewestBits = 4
  /// By how much the aspect ratios of copies may differ: rounding of small sides.
  private static let aspectTolerance = 0.03
  /// A cell counts as darker when it is so by this share of the deviation: in flat parts compression decides who is darker.
  private static let margin: Float = 0.1
  private static let leastCorrelation: Float = 0.98

  /// nil for an image that is too small, too flat or too plain to be told from others like this.
  init?(_ image: PixelImage) {
    guard image.width >= Self.columns, image.height >= Self.rows else { return nil }
    let size = PixelSize(width: Self.columns, height: Self.rows)
    let colours = image.resampled(to: size, from: Rectangle(image.size))
    var grey = [Float](repeating: 0, count: size.area)
    for cell in grey.indices {
      // Green counts twice: much as in the usual weights.
      grey[cell] = (colours[3 * cell] + 2 * colours[3 * cell + 1] + colours[3 * cell + 2]) / 4
    }
    let mean = grey.reduce(0, +) / Float(size.area)
    for cell in grey.indices { grey[cell] -= mean }
    let squares = grey.reduce(0) { $0 + $1 * $1 }
    let least = Self.leastDeviation * Self.leastDeviation * Float(size.area)
    guard squares >= least else { return nil }
    let deviation = (squares / Float(size.area)).squareRoot()
    hash = Self.hash(grey, margin: Self.margin * deviation)
    guard hash.nonzeroBitCount >= Self.fewestBits,
      hash.nonzeroBitCount <= hash.bitWidth - Self.fewestBits
    else { return nil }
    let length = squares.squareRoot()
    cells = grey.map { $0 / length }
    aspect = Double(image.width) / Double(image.height)
  }

  private static func hash(_ grey: [Float], margin: Float) -> UInt64 {
    func block(_ row: Int, _ column: Int) -> Float {
      let corner = 2 * row * columns + 2 * column
      let sum =
        grey[corner] + grey[corner + 1] + grey[corner + columns] + grey[corner + columns + 1]
      return sum / 4
    }
    var hash: UInt64 = 0
    for row in 0..<8 {
      for column in 0..<8 where block(row, column) + margin < block(row, column + 1) {
        hash |= 1 << UInt64(8 * row + column)
      }
    }
    return hash
  }

  /// The bits by which the hashes differ, if the other image looks like a copy of this one.
  func distance(to other: ImageLikeness) -> Int? {
    let bits = (hash ^ other.hash).nonzeroBitCount
    guard bits <= LikenessIndex.mostBits, abs(aspect / other.aspect - 1) <= Self.aspectTolerance
    else { return nil }
    var correlation: Float = 0
    for cell in cells.indices { correlation += cells[cell] * other.cells[cell] }
    return correlation >= Self.leastCorrelation ? bits : nil
  }
}

/// Images by how they look, found without comparing each with every other.
///
/// The hash is cut into four parts. Of two hashes that differ in at most seven bits some part differs in at most one: so
/// the lists of each part and of its sixteen neighbours hold every image that is near enough.
struct LikenessIndex {
  /// The most bits by which copies differ.
  static let mostBits = 7
  private static let parts = 4

  private var images: [(likeness: ImageLikeness, path: String)] = []
  private var lists = [[Int32]](repeating: [], count: LikenessIndex.parts << 16)

  mutating func add(_ likeness: ImageLikeness, _ path: String) {
    for part in 0..<Self.parts {
      lists[Self.list(likeness.hash, part)].append(Int32(images.count))
    }
    images.append((likeness, path))
  }

  /// The image most like this one, the first of equals.
  func nearest(to likeness: ImageLikeness) -> (path: String, bits: Int)? {
    var best: (image: Int32, bits: Int)?
    for part in 0..<Self.parts {
      let own = Self.list(likeness.hash, part)
      for neighbour in [own] + (0..<16).map({ own ^ (1 << $0) }) {
        for image in lists[neighbour] {
          if let best, best.bits == 0, best.image <= image { break }
          guard let bits = likeness.distance(to: images[Int(image)].likeness) else { continue }
          if bits < best?.bits ?? .max || (bits == best?.bits && image < best?.image ?? 0) {
            best = (image, bits)
          }
        }
      }
    }
    return best.map { (images[Int($0.image)].path, $0.bits) }
  }

  private static func list(_ hash: UInt64, _ part: Int) -> Int {
    part << 16 | Int(hash >> UInt64(16 * part) & 0xFFFF)
  }
}

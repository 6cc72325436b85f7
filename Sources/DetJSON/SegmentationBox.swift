import DetBasics

/// The box around what COCO's `segmentation` describes: polygons, or a mask as run lengths.
struct SegmentationBox {
  /// The edges; `x1` and `y1` lie just outside.
  private(set) var box: (x0: Double, y0: Double, x1: Double, y1: Double)
  /// A mask, not polygons.
  let isMask: Bool

  /// nil when it is neither, or encloses nothing.
  init?(_ node: JSONNode) {
    switch node.value {
    case .array(let parts):
      guard let box = Self.box(ofPolygons: parts) else { return nil }
      self.box = box
      isMask = false
    case .object:
      guard let box = Self.box(ofMask: node) else { return nil }
      self.box = box
      isMask = true
    default: return nil
    }
  }

  /// Lists of x, y, x, y, … or of pairs; or one such list itself.
  private static func box(
    ofPolygons parts: [JSONNode]
  ) -> (x0: Double, y0: Double, x1: Double, y1: Double)? {
    var xs: [Double] = []
    var ys: [Double] = []
    func add(_ numbers: [JSONNode]) -> Bool {
      guard numbers.count.isMultiple(of: 2) else { return false }
      for (index, node) in numbers.enumerated() {
        guard case .number(let spelling) = node.value, let number = Double(spelling),
          number.isFinite
        else { return false }
        if index.isMultiple(of: 2) { xs.append(number) } else { ys.append(number) }
      }
      return true
    }
    func list(_ node: JSONNode) -> [JSONNode]? {
      guard case .array(let elements) = node.value else { return nil }
      return elements
    }
    if parts.contains(where: { list($0) == nil }) {
      guard add(parts) else { return nil }
    } else {
      for part in parts.compactMap(list) {
        let isOfPairs = !part.isEmpty && part.allSatisfy { list($0)?.count == 2 }
        guard add(isOfPairs ? part.flatMap { list($0) ?? [] } : part) else { return nil }
      }
    }
    guard xs.count >= 2, let x0 = xs.min(), let x1 = xs.max(), let y0 = ys.min(),
      let y1 = ys.max()
    else { return nil }
    return (x0, y0, x1, y1)
  }

  /// Run lengths down the columns, off and on in turn, beginning with off; as numbers, or as pycocotools packs them.
  private static func box(
    ofMask node: JSONNode
  ) -> (x0: Double, y0: Double, x1: Double, y1: Double)? {
    guard case .array(let size)? = node["size"]?.value, size.count == 2,
      let height = whole(size[0]), let width = whole(size[1]), height > 0, width > 0,
      height <= 1 << 20, width <= 1 << 20, let counts = node["counts"], let runs = runs(counts)
    else { return nil }
    var at = 0
    var edges: (x0: Int, y0: Int, x1: Int, y1: Int)?
    for (index, run) in runs.enumerated() {
      guard run >= 0, run <= width * height - at else { return nil }
      defer { at += run }
      guard !index.isMultiple(of: 2), run > 0 else { continue }
      let last = at + run - 1
      let isOneColumn = at / height == last / height
      let y0 = isOneColumn ? at % height : 0
      let y1 = isOneColumn ? last % height + 1 : height
      let old = edges ?? (at / height, y0, last / height + 1, y1)
      edges = (
        min(old.x0, at / height), min(old.y0, y0), max(old.x1, last / height + 1), max(old.y1, y1)
      )
    }
    return edges.map { (Double($0.x0), Double($0.y0), Double($0.x1), Double($0.y1)) }
  }

  private static func whole(_ node: JSONNode) -> Int? {
    guard case .number(let spelling) = node.value else { return nil }
    return Int(spelling)
  }

  private static func runs(_ node: JSONNode) -> [Int]? {
    switch node.value {
    case .array(let elements):
      let runs = elements.compactMap(whole)
      return runs.count == elements.count ? runs : nil
    case .string(let text): return unpacked(text)
    default: return nil
    }
  }

  /// Five bits a character from 48 on, a sixth for "more follows"; from the third run on the difference to the one
  /// before the last.
  private static func unpacked(_ text: String) -> [Int]? {
    var runs: [Int] = []
    var number = 0
    var shift = 0
    for byte in text.utf8 {
      guard byte >= 48, byte < 112, shift < 60 else { return nil }
      let bits = Int(byte) - 48
      number |= (bits & 0x1F) << shift
      shift += 5
      if bits & 0x20 != 0 { continue }
      if bits & 0x10 != 0 { number |= -1 << shift }
      if runs.count > 2 {
        let (sum, overflows) = number.addingReportingOverflow(runs[runs.count - 2])
        guard !overflows else { return nil }
        number = sum
      }
      runs.append(number)
      number = 0
      shift = 0
    }
    return shift == 0 ? runs : nil
  }
}

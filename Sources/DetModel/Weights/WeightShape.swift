/// A tensor by name and shape alone.
package struct WeightShape: Hashable, Sendable {
  let name: String
  let shape: [Int]

  package init(_ name: String, _ shape: [Int]) {
    self.name = name
    self.shape = shape
  }

  var count: Int { shape.reduce(1, *) }
}

import DetBasics
import DetCommand
import DetModel
import DetSpec
import DetTensor

/// What of a checkpoint fits a design, for people and for programs.
struct WeightsReport: Encodable {
  let checkpoint: String
  let format: String
  let place: String
  let otherPlaces: [String]
  let passedOver: [String]
  let prefix: String
  let otherPrefixes: [String]
  let design: DetectorDesign
  let matched: [String]
  let inherited: [WeightMatch.Inheritance]
  let missing: [String]
  let otherShape: [WeightMatch.Difference]
  let heldBack: [String]
  let leftOver: [String]
  let matchedValues: Int
  let values: Int

  init(_ file: TensorFile, _ design: DetectorDesign, _ match: WeightMatch) {
    checkpoint = file.path
    format = file.format.rawValue
    place = file.place
    otherPlaces = file.otherPlaces
    passedOver = file.passedOver
    prefix = match.prefix
    otherPrefixes = match.otherPrefixes
    self.design = design
    matched = match.pairs.map(\.path)
    inherited = match.inherited
    missing = match.missing
    otherShape = match.otherShape
    heldBack = match.heldBack
    leftOver = match.leftOver
    matchedValues = match.filledValues
    values = match.values
  }

  /// The most names of a list that people are shown.
  private static let mostShown = 12

  func print(json: Bool, _ context: Context) throws {
    if json { return try context.output.json(self) }
    let share = Double(matchedValues) / Double(max(1, values)) * 100
    try context.output.line(design.text)
    if !place.isEmpty { try context.output.line("found under: \(place)") }
    if !prefix.isEmpty { try context.output.line("before the model's names: \(prefix)") }
    for other in otherPlaces + otherPrefixes {
      try context.output.line("not taken, though it fits: \(other); to have it, save it alone")
    }
    try context.output.line(
      "matched: \(matched.count) tensors, \(matchedValues) of \(values) values (\(share.fixed(1)) %)"
    )
    try lines(
      "inherited", inherited.map { "\($0.block) from \($0.source): \($0.tensors) of \($0.count)" })
    try lines("missing", missing)
    try lines("other shape", otherShape.map { "\($0.name): \($0.shapeInFile) for \($0.shape)" })
    try lines("held back, as the weight before does not fit", heldBack)
    try lines("left over", leftOver)
    try lines("passed over unread", passedOver)

    func lines(_ title: String, _ items: [String]) throws {
      try context.output.line("\(title): \(items.count)")
      for item in items.prefix(Self.mostShown) { try context.output.line("  \(item)") }
      if items.count > Self.mostShown {
        try context.output.line("  … and \(items.count - Self.mostShown) more; --json lists all")
      }
    }
  }

  private struct Listing: Encodable {
    struct Entry: Encodable {
      let name: String
      let dtype: String
      let shape: [Int]
    }
    let checkpoint: String
    let format: String
    let place: String
    let otherPlaces: [String]
    let passedOver: [String]
    let values: Int
    let tensors: [Entry]
  }

  /// Prints all tensors of a file.
  static func list(_ file: TensorFile, json: Bool, _ context: Context) throws {
    let values = file.entries.reduce(0) { $0 + $1.shape.reduce(1, *) }
    if json {
      let tensors = file.entries.map {
        Listing.Entry(name: $0.name, dtype: $0.dtype.description, shape: $0.shape)
      }
      return try context.output.json(
        Listing(
          checkpoint: file.path, format: file.format.rawValue, place: file.place,
          otherPlaces: file.otherPlaces, passedOver: file.passedOver, values: values,
          tensors: tensors))
    }
    var table = TextTable(["tensor", "kind", "shape"])
    for entry in file.entries {
      let shape = entry.shape.map(String.init).joined(separator: " x ")
      table.add([entry.name, entry.dtype.description, shape.isEmpty ? "one number" : shape])
    }
    try context.output.line(table.text)
    context.log("\(file.entries.count) tensors, \(values) values")
    if !file.place.isEmpty { context.log("found under: \(file.place)") }
    for other in file.otherPlaces { context.log("as many tensors are under: \(other)") }
    for item in file.passedOver { context.log("passed over unread: \(item)") }
  }
}

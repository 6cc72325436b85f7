import DetBasics
import Foundation

/// An object as a line of YOLO's text states it: `class x y width height`, the centre and size as shares of the upright
/// picture.
///
/// Lines of outlines (`class x y x y x y …`, three points or more, as segmentation writes them) and of turned boxes (four
/// points) give the box around their points, as the format's own tools do. A score or track's number behind a box, and
/// points of a pose with their visibility, are left out.
package struct YOLOLine: Equatable {
  /// The class's number.
  package let category: Int
  /// Left, upper, right and lower edge as shares of the picture; finite.
  package let edges: [Double]
  /// What was done to read it, with the values.
  package private(set) var repairs: [Repair] = []

  /// Reads the words of a line; `place` names it in errors.
  package init(_ words: [Substring], classCount: Int, place: String) throws {
    var repairs: [Repair] = []
    func note(_ kind: Repair.Kind, _ detail: String) {
      repairs.append(Repair(kind: kind, place: place, detail: detail))
    }
    category = try Self.category(words, classCount, place, note)
    let numbers = try Self.numbers(words.dropFirst(), place, note)
    let box = Array(numbers.prefix(4))
    switch words.count {
    case 5: edges = Self.around(centre: box)
    case 6:
      guard numbers[4] >= 0, numbers[4] <= 1 || numbers[4] == numbers[4].rounded() else {
        throw Self.error(
          place, "the sixth word is \(words[5]), neither a score nor a number",
          "a line reads: class x y width height; turned boxes are written with their four corners")
      }
      note(.valuesLeftOut, "the \(words[5]) behind the box is left out")
      edges = Self.around(centre: box)
    case 7... where words.count % 2 == 1:
      let xs = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
      let ys = stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }
      edges = [xs.min() ?? 0, ys.min() ?? 0, xs.max() ?? 0, ys.max() ?? 0]
      let count = numbers.count / 2
      note(
        .outlineBoxed,
        "the line is \(count == 4 ? "a turned box or an outline" : "an outline") of \(count) points; the box around it is taken"
      )
    case 8... where Self.arePoints(numbers.dropFirst(4)):
      note(.valuesLeftOut, "\((numbers.count - 4) / 3) points behind the box are left out")
      edges = Self.around(centre: box)
    default:
      throw Self.error(
        place, "the line has \(words.count) words",
        words.count == 1 && words[0].contains(",")
          ? "put blanks between the words, not commas" : "a line reads: class x y width height")
    }
    let checked = words.count % 2 == 1 && words.count > 5 ? numbers : box
    try Self.check(checked, place)
    self.repairs = repairs
  }

  private static func error(
    _ place: String, _ problem: String, _ cure: String, _ kind: Finding.Kind = .annotationBroken
  ) -> DataError {
    DataError(place: place, problem: problem, cure: cure, kind: kind)
  }

  private static func category(
    _ words: [Substring], _ classCount: Int, _ place: String,
    _ note: (Repair.Kind, String) -> Void
  ) throws -> Int {
    let word = words.first ?? ""
    let whole = Double(word).flatMap { Int(exactly: $0) }
    guard words.count > 1 || !word.contains(","), let number = whole,
      (0..<classCount).contains(number)
    else {
      if words.count == 1 {
        throw error(
          place, "the line has 1 word",
          word.contains(",")
            ? "put blanks between the words, not commas" : "a line reads: class x y width height")
      }
      throw error(
        place, "the class is \"\(word.prefix(40))\"",
        "it is a number from 0 to \(classCount - 1), as many as \"classes\" has", .unknownClass)
    }
    if Int(word) == nil { note(.numberForm, "the class \(word) is read as \(number)") }
    return number
  }

  private static func numbers(
    _ words: ArraySlice<Substring>, _ place: String, _ note: (Repair.Kind, String) -> Void
  ) throws -> [Double] {
    var hasComma = false
    let numbers = try words.map { word in
      if let number = Double(word), number.isFinite { return number }
      let dotted = word.replacingOccurrences(of: ",", with: ".")
      if word.count(where: { $0 == "," }) == 1, !word.contains("."), let number = Double(dotted),
        number.isFinite
      {
        hasComma = true
        return number
      }
      throw error(
        place, "\"\(word.prefix(40))\" is no share of the image",
        "centre and size are numbers from 0 to 1")
    }
    if hasComma { note(.numberForm, "decimal commas are read as points") }
    return numbers
  }

  private static func around(centre box: [Double]) -> [Double] {
    [
      box[0] - box[2] / 2, box[1] - box[3] / 2, box[0] + box[2] / 2, box[1] + box[3] / 2,
    ]
  }

  /// `x y visibility` again and again, as poses are written.
  private static func arePoints(_ numbers: ArraySlice<Double>) -> Bool {
    numbers.count % 3 == 0
      && stride(from: numbers.startIndex + 2, to: numbers.endIndex, by: 3).allSatisfy {
        [0, 1, 2].contains(numbers[$0])
      }
  }

  /// Shares may reach a little beyond the picture, where boxes are cut; pixels are told.
  private static func check(_ shares: [Double], _ place: String) throws {
    guard let largest = shares.map(abs).max(), largest > 1 else { return }
    let areWhole = shares.allSatisfy { $0 == $0.rounded() }
    guard largest <= 2, !areWhole else {
      let text = largest == largest.rounded() && largest < 1e9 ? "\(Int(largest))" : "\(largest)"
      throw error(
        place, "\"\(text)\" is no share of the image; the values look like pixels",
        "divide x and width by the image's width, y and height by its height")
    }
  }
}

/// What is wrong with truths or detections: which of them, what is wrong, what would be right.
///
/// Trouble in the text of a file is a `JSONError` with line and column instead, trouble with the file
/// itself a `FileError`; both come from DetBasics.
public enum MetricsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An id that two elements of a list share.
  case duplicateID(list: String, id: Int64, first: Int, second: Int)
  /// An element names an image that is not in the truth.
  case unknownImage(list: String, index: Int, id: Int64)
  /// An element names a category that is not in the truth; `known` are those that are.
  case unknownCategory(list: String, index: Int, id: Int64, known: [Int64])
  /// A number that is not valid: a size below zero, a score that is not finite.
  case badValue(list: String, index: Int, problem: String)
  /// Two results that cannot be compared.
  case notComparable(String)

  /// One line: the place, what is wrong, what would be right.
  public var description: String {
    switch self {
    case .duplicateID(let list, let id, let first, let second):
      return
        "\(list)[\(second)].id: the id \(id) is also that of \(list)[\(first)]; ids must differ"
    case .unknownImage(let list, let index, let id):
      return "\(list)[\(index)].image_id: no image of the truth has the id \(id); "
        + "check that the two files belong to the same images"
    case .unknownCategory(let list, let index, let id, let known):
      let shown = known.prefix(12).map(String.init).joined(separator: ", ")
      let rest = known.count > 12 ? ", … (\(known.count) in all)" : ""
      return "\(list)[\(index)].category_id: no category of the truth has the id \(id); "
        + "the truth's ids are \(shown)\(rest)"
    case .badValue(let list, let index, let problem): return "\(list)[\(index)]: \(problem)"
    case .notComparable(let problem): return problem
    }
  }
}

package import DetBasics
import Foundation

/// An element of a list that does not say what it should in the way it should: to be read by its meaning.
package struct OddElement {
  /// Where it stands among the elements of its block or file.
  package let row: Int
  /// The list and the place in it, as in `annotations[12]`.
  package let path: String
  /// Its key where the list is written as an object.
  package let key: String?
  /// The file.
  package let source: String
  private let parsed: Result<JSONNode, ElementFault>
  private let line: Int
  private let column: Int

  /// An element whose `text` begins at line and column of the file.
  init(
    row: Int, path: String, key: String? = nil, source: String, text: UnsafeRawBufferPointer,
    line: Int, column: Int
  ) {
    self.row = row
    self.path = path
    self.key = key
    self.source = source
    self.line = line
    self.column = column
    do {
      parsed = .success(try JSON.parseWithNonFinite(Data(text), source: source))
    } catch {
      // What was gone over already is JSON: a key that stands twice, half of a surrogate pair, a hundred lists in each other.
      let error = error as? JSONError
      let place = Self.place(error?.line ?? 1, error?.column ?? 1, line, column)
      parsed = .failure(
        ElementFault(
          error: JSONError(
            source: source, line: place.line, column: place.column, path: path,
            problem: error?.problem ?? "cannot be read"), cure: "correct the text"))
    }
  }

  /// What stands there.
  package func content() throws -> JSONNode { try parsed.get() }

  /// What is wrong with the part `at` of the element, to which `key` leads.
  package func fault(
    _ key: String, at part: JSONNode? = nil, _ problem: String, cure: String
  ) -> ElementFault {
    let place = Self.place(part?.line ?? 1, part?.column ?? 1, line, column)
    let path = key.isEmpty ? path : key.hasPrefix("[") ? path + key : "\(path).\(key)"
    return ElementFault(
      error: JSONError(
        source: source, line: place.line, column: place.column, path: path, problem: problem),
      cure: cure)
  }

  /// What is wrong with the element as a whole.
  package func fault(problem: String, cure: String) -> ElementFault {
    fault("", problem, cure: cure)
  }

  /// The place in the file of a place in the element.
  private static func place(
    _ line: Int, _ column: Int, _ firstLine: Int, _ firstColumn: Int
  ) -> (line: Int, column: Int) {
    (firstLine + max(line, 1) - 1, line <= 1 ? firstColumn + max(column, 1) - 1 : column)
  }
}

/// What is wrong with an element, and what would mend it. Reading can go on behind it.
package struct ElementFault: Error {
  /// Place, key and problem.
  package let error: JSONError
  /// What to do about it.
  package let cure: String

  /// What is wrong, and its cure.
  package init(error: JSONError, cure: String) {
    self.error = error
    self.cure = cure
  }
}

/// A value of an element that is written in another way than the format's and has a plain meaning.
package struct LooseReading: Equatable, Sendable {
  /// The kinds of it.
  package enum Kind: Sendable {
    /// A number or flag as text, null or -1 for "not known", a size with a fraction, a URL for a name.
    case value
    /// No box, but an outline or a mask: the box around it is taken.
    case box
    /// An id that is missing, no number, or used twice: a number takes its place.
    case id
  }

  /// What kind.
  package let kind: Kind
  /// The key.
  package let key: String
  /// What was found and what was made of it, in words.
  package let detail: String
}

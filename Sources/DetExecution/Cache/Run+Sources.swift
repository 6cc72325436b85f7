import DetBasics
import Foundation

extension Run {
  private static let fact = "takenFrom"

  /// The runs whose results this one takes, in the order in which they were named.
  package func runsTakenFrom() throws -> [String] {
    try store.fact(Self.fact).map {
      try JSON.decode([String].self, from: $0, source: "\(folder.store), \(Self.fact)")
    } ?? []
  }

  /// Takes another run's results from now on, also when this one is resumed.
  package func takeResults(from path: String) throws {
    let place = FilePath.absolute(path)
    guard FilePath.real(place) != FilePath.real(folder.path) else {
      throw ExecutionError.run(
        path: path, problem: "is the run itself", cure: "name another run behind --from")
    }
    let others = try runsTakenFrom()
    guard !others.contains(place) else { return }
    try store.setFact(Self.fact, JSON.text(others + [place]))
  }
}

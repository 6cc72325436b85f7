import DetBasics
import Foundation

/// Files of right answers. They lie in the folder `Goldens` of a test target, beside the scripts that made them.
public enum Golden {
  /// The path of a golden file of the test target that `source` belongs to.
  public static func path(_ name: String, source: String = #filePath) -> String {
    Checkout.folder("Tests", of: source) + "/\(Checkout.target(of: source))/Goldens/\(name)"
  }

  /// A golden file in JSON; a key that `type` does not read is an error.
  public static func read<Value: Decodable>(
    _ type: Value.Type, _ name: String, source: String = #filePath
  ) throws -> Value {
    try JSON.decode(type, file: path(name, source: source))
  }
}

/// The checkout that a source file of a test lies in.
public enum Checkout {
  /// The path of one of its folders, as "Fuzz/Seeds".
  public static func folder(_ name: String, of source: String = #filePath) -> String {
    split(source).root + "/" + name
  }

  /// The name of the test target.
  static func target(of source: String) -> String { split(source).target }

  /// `…/Tests/TARGET/…` taken apart.
  private static func split(_ source: String) -> (root: String, target: String) {
    let parts = URL(fileURLWithPath: source).pathComponents
    guard let tests = parts.lastIndex(of: "Tests"), tests + 1 < parts.count else {
      preconditionFailure("\(source) does not lie in Tests; tests read files beside their sources")
    }
    return ("/" + parts[1..<tests].joined(separator: "/"), parts[tests + 1])
  }
}

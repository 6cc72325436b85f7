import DetBasics
import Foundation

/// Golden files lie beside the scripts that made them.
enum Golden {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("Goldens")

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  static func read<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    try JSON.decode(type, file: path(name))
  }
}

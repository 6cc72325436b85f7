import DetBasics
import DetSpec
import Foundation

/// A recipe as the command line names it: a preset, or a JSON file of departures.
enum RecipeArgument {
  static func read(_ text: String) throws -> Recipe {
    if RecipePreset(rawValue: text) == nil, FileManager.default.fileExists(atPath: text) {
      return try JSON.decode(Recipe.self, file: text, allowsComments: true)
    }
    return try JSON.decode(Recipe.self, from: JSON.text(text), source: "--recipe")
  }
}

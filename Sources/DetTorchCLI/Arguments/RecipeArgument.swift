import DetBasics
import DetCommand
import DetSpec
import Foundation

/// A recipe as the command line names it: a preset, or a JSON file of departures.
struct RecipeArgument: ArgumentValue, CustomStringConvertible {
  /// The word it was named by.
  let description: String
  /// The recipe.
  let recipe: Recipe

  /// Names a preset.
  init(_ preset: RecipePreset) { self.init(preset.rawValue, preset.recipe) }

  /// Reads a preset's name, or a file that is there.
  init(argument: String) throws { try self.init(argument: argument, besides: []) }

  /// Reads a preset's name, or a file that is there; errors name other words that would have been right, too.
  init(argument: String, besides words: [String]) throws {
    if let preset = RecipePreset(rawValue: argument) {
      self.init(preset)
      return
    }
    guard FileManager.default.fileExists(atPath: argument) else {
      let names = RecipePreset.allCases.map(\.rawValue) + words
      throw ArgumentValueError(
        expected: names.joined(separator: " | ") + ", or a JSON file of departures"
          + Spelling.hint(for: argument, among: names))
    }
    self.init(argument, try JSON.decode(Recipe.self, file: argument, allowsComments: true))
  }

  private init(_ word: String, _ recipe: Recipe) {
    description = word
    self.recipe = recipe
  }
}

extension Recipe.Precision: ArgumentChoice {}

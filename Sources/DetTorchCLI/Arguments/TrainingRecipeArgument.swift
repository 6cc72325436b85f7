import DetCommand
import DetSearch
import DetSpec

/// The recipe of a training as the command line names it: a preset, a JSON file of departures, or the plan's.
enum TrainingRecipeArgument: ArgumentValue {
  /// The word for the recipe of the plan's first stage.
  static let planWord = "plan"

  /// What trials of the plan's first stage train by.
  case plan
  /// A recipe by itself.
  case named(RecipeArgument)

  /// Reads `plan`, a preset's name, or a file that is there.
  init(argument: String) throws {
    self =
      argument == Self.planWord
      ? .plan : .named(try RecipeArgument(argument: argument, besides: [Self.planWord]))
  }

  /// The recipe, and whose it is.
  func recipe(in plan: Plan) throws -> (recipe: Recipe, origin: String) {
    switch self {
    case .named(let chosen): return (chosen.recipe, chosen.description)
    case .plan:
      guard let stage = plan.stages.first, let recipe = plan.recipe(of: stage) else {
        throw UsageError.rule("--recipe plan needs a plan with a stage, whose recipe it is")
      }
      return (recipe, "that of the plan's \(stage.rawValue) stage")
    }
  }
}

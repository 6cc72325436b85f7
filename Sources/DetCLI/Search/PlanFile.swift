import DetBasics
import DetData
import DetSearch
import DetSpec
import DetTraining
import Foundation

/// A plan's file as the verbs read it.
enum PlanFile {
  /// Reads a plan; relative paths in it are taken from the plan's own folder, so that it works from anywhere.
  static func read(_ path: String) throws -> Plan {
    var plan = try Plan(file: path)
    let folder = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
    plan.data = resolved(plan.data, folder)
    plan.structural?.recipe.pretrained = plan.structural?.recipe.pretrained.map {
      absolute($0, folder)
    }
    plan.modular?.recipe.pretrained = plan.modular?.recipe.pretrained.map { absolute($0, folder) }
    if plan.runner.command == nil {
      // Another trainer may describe its data as it likes; this one's words are checked here, before anything runs.
      _ = try TrainingSets.Description(plan.data, source: "\(path), data")
    }
    return plan
  }

  private static let pathKeys: Set<String> = ["annotations", "images", "imageSet"]

  private static func resolved(_ value: JSONValue, _ folder: String) -> JSONValue {
    switch value {
    case .object(let members):
      return .object(
        Dictionary(
          uniqueKeysWithValues: members.map { key, member in
            if pathKeys.contains(key), case .string(let path) = member {
              return (key, .string(absolute(path, folder)))
            }
            return (key, resolved(member, folder))
          }))
    case .array(let elements): return .array(elements.map { resolved($0, folder) })
    default: return value
    }
  }

  private static func absolute(_ path: String, _ folder: String) -> String {
    URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder, isDirectory: true))
      .standardizedFileURL.path
  }
}

extension Plan {
  /// The recipe of stage one, or of the only stage there is.
  var structuralRecipe: Recipe {
    structural?.recipe ?? modular?.recipe ?? RecipePreset.structural.recipe
  }
}

/// What a plan's data hold, as far as the search half must know.
struct DataSummary: Encodable, Sendable {
  let trainingImages: Int
  let validationImages: Int
  let trainingBoxes: Int
  let classes: [String]

  /// Loads the data sets of a plan, so that what is wrong with them shows before anything runs; nil when a plan has a
  /// command of its own, whose data only that command can read.
  static func load(_ plan: Plan, source: String) throws -> DataSummary? {
    guard plan.runner.command == nil else { return nil }
    let sets = try TrainingSets(TrainingSets.Description(plan.data, source: "\(source), data"))
    return DataSummary(
      trainingImages: sets.train.samples.count,
      validationImages: sets.validation.samples.count,
      trainingBoxes: sets.train.samples.reduce(0) { $0 + $1.boxes.count },
      classes: sets.train.categories.map(\.name))
  }
}

extension Plan {
  /// Counts what a design of this plan costs; without known data, for the 80 classes of COCO.
  func costModel(_ data: DataSummary?) -> CostModel {
    let classes = data?.classes.count ?? 80
    let recipes = TrainingStage.allCases.map { recipe(of: $0) ?? structuralRecipe }
    return { design, stage in
      DesignCost(design, classes: classes, recipe: stage == .structural ? recipes[0] : recipes[1])
    }
  }
}

import DetBasics
import DetData
import DetSearch
import DetSpec
import DetTraining
import Foundation

/// A plan's file as the verbs read it.
enum PlanFile {
  /// Reads a plan; relative paths in it are taken from the plan's own folder, so that it works from anywhere.
  ///
  /// The data of a plan with a command of its own pass through unread: another trainer describes them as it likes.
  static func read(_ path: String) throws -> Plan {
    var plan = try Plan(file: path)
    if plan.runner.command == nil { plan.data = try PlanData.resolved(plan.data, plan: path) }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    func resolve(_ weights: inout String?) {
      weights = weights.map {
        URL(fileURLWithPath: $0, relativeTo: folder).standardizedFileURL.path
      }
    }
    if var section = plan.structural {
      resolve(&section.recipe.pretrained)
      plan.structural = section
    }
    if var section = plan.modular {
      resolve(&section.recipe.pretrained)
      plan.modular = section
    }
    return plan
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
    let sets = try TrainingSets(PlanData.description(plan.data, plan: source))
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
    let recipes = SearchStage.allCases.map { recipe(of: $0) ?? RecipePreset.structural.recipe }
    return { design, stage in
      DesignCost(design, classes: classes, recipe: stage == .structural ? recipes[0] : recipes[1])
    }
  }
}

import DetCommand
import DetData
import DetSearch
import DetSpec
import DetTask

/// What a plan's data hold, as far as the search half must know.
struct DataSummary: Encodable, Sendable {
  let trainingImages: Int
  let validationImages: Int
  let trainingBoxes: Int
  let classes: [String]
  /// Training images without a box to learn from; the share of them that a recipe says is trained on, too.
  let backgroundImages: Int
  /// Training images with a box to learn from.
  let objectImages: Int
  /// What became of everything that was found; nil where the data were not read.
  var accounts: Accounts?
  /// The same in words.
  var accountLines: [String] = []

  /// Those of the two data sets.
  struct Accounts: Encodable, Sendable {
    let train: DatasetAccount
    let validation: DatasetAccount
  }

  /// How many images an epoch of a recipe trains on.
  func imagesTrainedOn(by recipe: Recipe) -> Int {
    objectImages + Dataset.images(ofBackground: backgroundImages, share: recipe.backgroundShare)
  }
}

extension DataSummary {
  /// What loaded data sets hold.
  ///
  /// - Throws: when the images do not fill a batch of one of the plan's recipes.
  init(_ sets: TrainingSets, for plan: Plan) throws {
    for recipe in plan.stages.compactMap(plan.recipe(of:)) {
      _ = try sets.trainingImages(backgroundShare: recipe.backgroundShare, batch: recipe.batch)
    }
    self.init(
      trainingImages: sets.train.samples.count,
      validationImages: sets.validation.samples.count,
      trainingBoxes: sets.train.objectCount,
      classes: sets.train.categories.map(\.name),
      backgroundImages: sets.train.samples.count(where: \.isBackground),
      objectImages: sets.train.samples.count(where: \.hasObject),
      accounts: Accounts(train: sets.train.account, validation: sets.validation.account),
      accountLines: sets.accountLines)
  }
}

extension Plan {
  /// Where the data are not known, designs are counted and timed for the 80 classes of COCO.
  static var usualClasses: Int { 80 }

  /// Counts what a design of this plan costs.
  func costModel(_ data: DataSummary?) -> CostModel {
    let classes = data?.classes.count ?? Self.usualClasses
    let recipes = Dictionary(
      uniqueKeysWithValues: stages.compactMap { stage in recipe(of: stage).map { (stage, $0) } })
    return { design, stage in
      DesignCost(
        design, classes: classes, recipe: recipes[stage] ?? RecipePreset.structural.recipe)
    }
  }
}

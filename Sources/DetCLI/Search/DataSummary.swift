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
  /// What became of everything that was found; nil where the data were not read.
  var accounts: Accounts?
  /// The same in words.
  var accountLines: [String] = []

  /// Those of the two data sets.
  struct Accounts: Encodable, Sendable {
    let train: DatasetAccount
    let validation: DatasetAccount
  }
}

extension DataSummary {
  /// What loaded data sets hold.
  init(_ sets: TrainingSets) {
    self.init(
      trainingImages: sets.train.samples.count,
      validationImages: sets.validation.samples.count,
      trainingBoxes: sets.train.samples.reduce(0) { $0 + $1.boxes.count },
      classes: sets.train.categories.map(\.name),
      accounts: Accounts(train: sets.train.account, validation: sets.validation.account),
      accountLines: sets.accountLines)
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

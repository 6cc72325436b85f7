import DetBasics
import DetSpec
import Foundation
import Testing

@Suite struct RecipeTests {
  private func recipe(_ json: String) throws -> Recipe {
    try JSON.decode(Recipe.self, from: json, source: "plan.json")
  }

  @Test(arguments: RecipePreset.allCases)
  func presetsReadByNameAndAreSound(preset: RecipePreset) throws {
    #expect(try recipe("\"\(preset.rawValue)\"") == preset.recipe)
    #expect(preset.recipe.problem == nil)
    #expect(try recipe(JSON.text(preset.recipe)) == preset.recipe)
  }

  @Test func presetsHaveThePapersSettings() {
    let structural = RecipePreset.structural.recipe
    #expect(structural.epochs == 5)
    #expect(structural.learningRate.from == 0.04)
    #expect(structural.learningRate.to == 0.0001)
    #expect(structural.norm == .batch)
    let modular = RecipePreset.modular.recipe
    #expect(modular.epochs == 9)
    #expect(modular.learningRate.from == 0.24)
    #expect(modular.norm == .group)
    #expect(modular.weightStandardization)
    let final = RecipePreset.final.recipe
    #expect(final.learningRate.schedule == .steps && final.learningRate.from == 0.04)
    // The batches they were found at.
    #expect([structural, modular, final].map(\.learningRate.atBatch) == [32, 64, 32])
  }

  @Test func ratesAreScaledToTheBatch() {
    var modular = RecipePreset.modular.recipe
    #expect(modular.batch == 8 && modular.usedRates.from == 0.03)
    #expect(modular.usedRates.to == 0.0000125 && modular.usedRates.atBatch == 8)
    #expect(modular.ratesInWords == "rate 0.03 to 1.25e-05 (0.24 to 0.0001 at batch 64)")
    modular.batch = 64
    #expect(modular.usedRates == modular.learningRate)
    #expect(modular.ratesInWords == "rate 0.24 to 0.0001")
    #expect(RecipePreset.final.recipe.usedRates.from == 0.01)
    #expect(RecipePreset.final.recipe.ratesInWords.hasPrefix("rate 0.01 to 0.0001 "))
    #expect(RecipePreset.small.recipe.usedRates.from == 0.04)
    #expect(RecipePreset.pretrain.recipe.usedRates.from == 0.1)
  }

  @Test func aRateWithoutABatchIsMeantForTheRecipesOwn() throws {
    let own = try recipe("{\"batch\":4,\"learningRate\":{\"from\":0.02}}")
    #expect(own.learningRate.atBatch == nil && own.usedRates.from == 0.02)
    let found = try recipe("{\"batch\":4,\"learningRate\":{\"from\":0.02,\"atBatch\":16}}")
    #expect(found.usedRates.from == 0.005)
    let other = try recipe("{\"batch\":16,\"learningRate\":{\"warmupSteps\":1}}")
    #expect(other.usedRates.from == 0.02)
    for read in [own, found, other] { #expect(try recipe(JSON.text(read)) == read) }
  }

  @Test func departuresStartFromStructural() throws {
    var expected = RecipePreset.structural.recipe
    expected.epochs = 2
    expected.learningRate.warmupSteps = 7
    expected.augmentation.verticalFlip = 0.5
    expected.detection.headWidth = 64
    expected.latency.runs = 3
    expected.pretrained = "r18.pth"
    #expect(
      try recipe(
        """
        {"epochs":2,"learningRate":{"warmupSteps":7},"augmentation":{"verticalFlip":0.5},
         "detection":{"headWidth":64},"latency":{"runs":3},"pretrained":"r18.pth"}
        """) == expected)
    #expect(try recipe("{}") == RecipePreset.structural.recipe)
  }

  @Test func departuresStartFromThePresetThatTheyExtend() throws {
    var expected = RecipePreset.small.recipe
    expected.batch = 3
    #expect(try recipe("{\"extends\":\"small\",\"batch\":3}") == expected)
  }

  @Test(arguments: [
    ("{\"epoch\":2}", "plan.json:1:10: unknown key \"epoch\"; did you mean \"epochs\"?"),
    (
      "{\"detection\":{\"headwidth\":2}}",
      "plan.json:1:27: detection: unknown key \"headwidth\"; did you mean \"headWidth\"?"
    ),
    (
      "\"smal\"",
      """
      plan.json:1:1: no recipe is called "smal"; there are structural, modular, final, pretrain, small; \
      did you mean "small"?
      """
    ),
    (
      "{\"extends\":\"big\"}",
      "plan.json:1:1: no recipe is called \"big\"; there are structural, modular, final, pretrain, small"
    ),
    (
      "{\"norm\":\"bach\"}",
      "plan.json:1:9: norm: \"bach\" is none of batch, frozenBatch, group; did you mean \"batch\"?"
    ),
    (
      "{\"precision\":\"float16\"}",
      """
      plan.json:1:14: precision: "float16" is none of float32, bfloat16; did you mean "bfloat16"?
      """
    ),
    ("{\"epochs\":\"2\"}", "plan.json:1:11: epochs: expected a whole number, found the text \"2\""),
    ("{\"epochs\":2.5}", "plan.json:1:11: epochs: expected a whole number"),
    ("[]", "plan.json:1:1: expected an object, found a list"),
  ])
  func wrongKeysAndWordsAreAnsweredWithTheRightOnes(json: String, message: String) {
    let error = #expect(throws: JSONError.self) { try recipe(json) }
    let words = error?.description ?? ""
    #expect(words.hasPrefix(message), "\(words)")
  }

  @Test(arguments: [
    ("\"epochs\":0", "epochs is 0; use 1 to 10000"),
    ("\"batch\":0", "batch is 0; use 1 to 4096"),
    (
      "\"learningRate\":{\"from\":0}", "learningRate.from is 0.0; use a number above 0, at most 100"
    ),
    ("\"learningRate\":{\"to\":1}", "learningRate.to is 1.0; use 0 to learningRate.from"),
    (
      "\"learningRate\":{\"warmupSteps\":-1}",
      "learningRate.warmupSteps is -1; use 0 to 1000000000"
    ),
    ("\"momentum\":1", "momentum is 1.0; use 0 up to below 1"),
    ("\"frozenStages\":5", "frozenStages is 5; use 0 to 4"),
    (
      "\"norm\":\"group\",\"fixedStatistics\":true",
      "fixedStatistics is true; use left out where norm is \"group\""
    ),
    ("\"weightDecay\":-1", "weightDecay is -1.0; use 0 or more"),
    ("\"clipNorm\":-1", "clipNorm is -1.0; use 0 (off) or more"),
    ("\"weightAverage\":1", "weightAverage is 1.0; use 0 up to below 1"),
    ("\"evaluateEvery\":0", "evaluateEvery is 0; use 1 to 1000000"),
    ("\"latency\":{\"runs\":0}", "latency.runs is 0; use 1 to 1000000"),
    ("\"latency\":{\"warmupRuns\":-1}", "latency.warmupRuns is -1; use 0 to 1000000"),
    ("\"augmentation\":{\"horizontalFlip\":1.5}", "augmentation.horizontalFlip is 1.5; use 0 to 1"),
    ("\"augmentation\":{\"mosaic\":2}", "augmentation.mosaic is 2.0; use 0 to 1"),
    ("\"augmentation\":{\"crop\":0}", "augmentation.crop is 0.0; use 0.05 to 1 (the whole image)"),
    ("\"augmentation\":{\"colour\":-1}", "augmentation.colour is -1.0; use 0 to 1"),
    (
      "\"augmentation\":{\"scaleFrom\":2}",
      "augmentation.scaleFrom is 2.0; use 0.05 to scaleTo"
    ),
    ("\"detection\":{\"headWidth\":0}", "detection.headWidth is 0; use 1 to 100000"),
    (
      "\"detection\":{\"anchorRatios\":[]}",
      "detection.anchorRatios is []; use at least one, each above 0"
    ),
    (
      "\"detection\":{\"scoreFloor\":2}",
      "detection.scoreFloor is 2.0; use 0 to 1"
    ),
  ])
  func valuesThatNoTrainingCanWorkWithAreRefused(member: String, problem: String) {
    let error = #expect(throws: JSONError.self) { try recipe("{\(member)}") }
    #expect(error?.problem == problem)
  }

  @Test func whatStaysAsLoadedFollowsFromWeightsUnlessItIsSaid() throws {
    let plain = try recipe("{}")
    #expect(
      plain.frozenStages(fromWeights: false) == 0 && plain.frozenStages(fromWeights: true) == 1)
    #expect(!plain.fixesStatistics(fromWeights: false) && plain.fixesStatistics(fromWeights: true))
    #expect(plain.freezingInWords(fromWeights: false) == nil && plain.needOfWeights == nil)
    #expect(
      plain.freezingInWords(fromWeights: true)
        == "stem and stage 1 frozen, statistics of norms fixed")
    let own = try recipe("{\"frozenStages\":3,\"fixedStatistics\":false}")
    #expect(own.freezingInWords(fromWeights: true) == "stem and stages 1 to 3 frozen")
    #expect(try recipe(JSON.text(own)) == own)
    let group = RecipePreset.modular.recipe
    #expect(!group.fixesStatistics(fromWeights: true))
    for text in [
      "{\"norm\":\"frozenBatch\"}", "{\"frozenStages\":1}", "{\"fixedStatistics\":true}",
    ] {
      #expect(try recipe(text).needOfWeights?.contains("name weights, or take it out") == true)
    }
    #expect(try recipe("{\"frozenStages\":0,\"fixedStatistics\":false}").needOfWeights == nil)
  }

  @Test func optimizersAreReadAndWritten() throws {
    let read = try recipe("{\"optimizer\":\"adamW\",\"decaysNorms\":true}")
    #expect(read.optimizer == .adamW && read.decaysNorms)
    #expect(try recipe(JSON.text(read)) == read)
    let error = #expect(throws: JSONError.self) { try recipe("{\"optimizer\":\"adam\"}") }
    #expect(
      error?.problem == "\"adam\" is none of sgd, adamW; did you mean \"adamW\"?", "\(error)")
  }

  // The format stays readable: this text was written by the first version.
  @Test func theOldestFixtureStillReads() throws {
    let fixture = """
      {"augmentation":{"colour":0,"horizontalFlip":0.5,"quarterTurns":false,"scaleFrom":1,"scaleTo":1,\
      "verticalFlip":0},"batch":8,"clipNorm":35,"detection":{"anchorRatios":[0.5,1,2],"anchorScale":8,\
      "detectionsPerImage":100,"headSamples":512,"headWidth":1024,"proposalSamples":256,"scoreFloor":0.05,\
      "suppressionIoU":0.5,"testProposals":1000,"trainProposals":2000},"epochs":5,"evaluateEvery":1,\
      "latency":{"runs":100,"warmupRuns":10},"learningRate":{"from":0.04,"schedule":"cosine","to":0.0001,\
      "warmupSteps":500},"momentum":0.9,"norm":"batch","precision":"float32","weightAverage":0,\
      "weightDecay":0.0001,"weightStandardization":false}
      """
    // Its rates are those of its own batch, as they were then.
    var structural = RecipePreset.structural.recipe
    structural.learningRate.atBatch = nil
    #expect(try recipe(fixture) == structural)
    // What came later has a default on reading, and is written.
    let today = fixture.replacing(
      "\"anchorRatios\"", with: "\"alignsRegions\":true,\"anchorRatios\""
    )
    .replacing("\"colour\":0,", with: "\"colour\":0,\"crop\":1,")
    .replacing("\"latency\"", with: "\"groupsByAspect\":true,\"latency\"")
    .replacing("\"quarterTurns\"", with: "\"mosaic\":0,\"quarterTurns\"")
    #expect(try JSON.text(structural) == today)
  }
}

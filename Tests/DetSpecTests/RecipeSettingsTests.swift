import DetBasics
import DetSpec
import Testing

@Suite struct RecipeSettingsTests {
  /// For every key a value that is not the default.
  private static let departures = [
    "epochs": "2", "batch": "3", "microBatch": "2", "learningRate.from": "0.5",
    "learningRate.to": "0.01",
    "learningRate.atBatch": "16",
    "learningRate.schedule": "\"steps\"", "learningRate.warmupSteps": "7", "momentum": "0.8",
    "weightDecay": "0.001", "clipNorm": "1", "norm": "\"group\"", "groupChannels": "2",
    "weightStandardization": "true",
    "pretrained": "\"r18.pth\"", "weightAverage": "0.99", "keeps": "\"best\"",
    "groupsByAspect": "false",
    "backgroundShare": "0.5", "optimizer": "\"adamW\"", "decaysNorms": "true",
    "frozenStages": "2", "fixedStatistics": "true",
    "augmentation.horizontalFlip": "0.1", "augmentation.verticalFlip": "0.2",
    "augmentation.quarterTurns": "true", "augmentation.scaleFrom": "0.4",
    "augmentation.scaleTo": "1.5", "augmentation.crop": "0.7", "augmentation.colour": "0.6",
    "augmentation.mosaic": "0.3", "detection.anchorScale": "4", "detection.anchorRatios": "[1]",
    "detection.proposalSamples": "32", "detection.headSamples": "64",
    "detection.trainProposals": "20", "detection.testProposals": "10", "detection.headWidth": "128",
    "detection.scoreFloor": "0.1", "detection.suppressionIoU": "0.6",
    "detection.detectionsPerImage": "7", "detection.alignsRegions": "false", "evaluateEvery": "2",
    "precision": "\"bfloat16\"", "latency.warmupRuns": "0", "latency.runs": "3",
  ]

  private static let keys = Recipe.settings.reference(Recipe.paper).map(\.key)

  @Test func everyPropertyHasAKey() {
    #expect(Self.keys.filter { $0 != "extends" }.sorted() == properties(Recipe.paper).sorted())
  }

  /// The names of all stored properties, those of a group after its name and a dot.
  private func properties(_ value: Any) -> [String] {
    Mirror(reflecting: value).children.flatMap { child -> [String] in
      let name = child.label ?? ""
      guard Mirror(reflecting: child.value).displayStyle == .struct else { return [name] }
      return properties(child.value).map { "\(name).\($0)" }
    }
  }

  @Test func everyKeyChangesTheRecipeAndIsWritten() throws {
    #expect(Self.departures.keys.sorted() == Self.keys.filter { $0 != "extends" }.sorted())
    var seen = Set([Recipe.paper])
    for (key, value) in Self.departures {
      let parts = key.split(separator: ".")
      let text = parts.reversed().reduce(value) { "{\"\($1)\":\($0)}" }
      let recipe = try JSON.decode(Recipe.self, from: text, source: key)
      #expect(seen.insert(recipe).inserted, "\(key) changes nothing")
      #expect(try JSON.decode(Recipe.self, from: JSON.text(recipe), source: key) == recipe)
    }
  }

  @Test func everyKeySaysWhatItMeans() {
    for line in Recipe.settings.reference(Recipe.paper) {
      #expect(line.meaning.hasSuffix(".") && !line.form.isEmpty && line.default?.isEmpty == false)
    }
  }

  @Test func anErrorStandsAtTheValue() {
    let text = """
      {
        "batch": 4,
        "learningRate": {
          "from": 0
        }
      }
      """
    let error = #expect(throws: JSONError.self) {
      try JSON.decode(Recipe.self, from: text, source: "recipe.json")
    }
    #expect(
      error?.description
        == "recipe.json:4:13: learningRate.from is 0.0; use a number above 0, at most 100")
  }
}

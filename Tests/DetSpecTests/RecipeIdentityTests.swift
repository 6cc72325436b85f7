import DetBasics
import DetSpec
import Testing

/// What is written of a recipe stays the same to the byte, so that runs of earlier versions go on and are compared.
@Suite struct RecipeIdentityTests {
  @Test(arguments: [
    (RecipePreset.structural, "eb072ad8da230a43"), (.modular, "90206a254f2cfcee"),
    (.final, "c190c905ad5f2235"), (.pretrain, "0772939ea11c6db1"), (.small, "e79bd162cdf82f98"),
  ])
  func presetsAreWrittenAsEver(preset: RecipePreset, hash: String) throws {
    // The key "atBatch" came later.
    let text = try JSON.text(preset.recipe).replacing(#/"atBatch":\d+,/#, with: "")
    #expect(StableHash.hex(of: text) == hash)
  }

  @Test func everyKeyIsWrittenAsEver() throws {
    let text = """
      {"augmentation":{"colour":0.6,"crop":0.7,"horizontalFlip":0.1,"mosaic":0.3,"quarterTurns":true,\
      "scaleFrom":0.4,"scaleTo":1.5,"verticalFlip":0.2},"batch":3,"clipNorm":1,\
      "detection":{"alignsRegions":false,"anchorRatios":[1,2.5],"anchorScale":4,"detectionsPerImage":7,\
      "headSamples":64,"headWidth":128,"proposalSamples":32,"scoreFloor":0.1,"suppressionIoU":0.6,\
      "testProposals":10,"trainProposals":20},"epochs":2,"evaluateEvery":2,"groupsByAspect":false,\
      "latency":{"runs":3,"warmupRuns":0},"learningRate":{"from":0.5,"schedule":"steps","to":0.25,\
      "warmupSteps":7},"momentum":0.8,"norm":"frozenBatch","precision":"bfloat16","pretrained":"a/b.pth",\
      "weightAverage":0.99,"weightDecay":0.001,"weightStandardization":true}
      """
    #expect(try JSON.text(JSON.decode(Recipe.self, from: text, source: "recipe")) == text)
  }

  @Test func jobsAreWrittenAsEver() throws {
    let job = TrialJob(
      id: 3, stage: .structural,
      design: try DetectorDesign(text: "512x512 | resnet18 24 | fpn P1-P5 64 | rpn | rcnn"),
      recipe: RecipePreset.small.recipe,
      data: .object(["train": .object(["format": .string("voc")])]), seed: 5, device: "cpu",
      threads: 2, directory: "trials/000003", resume: false)
    // The keys "atBatch" and "measuresLatency" came later and are written always.
    let written = try JSON.text(job).replacing(#/"atBatch":\d+,/#, with: "")
      .replacing("\"measuresLatency\":true,", with: "")
    #expect(StableHash.hex(of: written) == "60988784dbe66419")
  }
}

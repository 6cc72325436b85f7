import DetBasics
import DetData
import DetModel
import DetNN
import DetSpec
import DetTensor
import Foundation
import TensorTestSupport
import TestSupport
import Testing

@testable import DetTraining

/// Classifiers learn from folders of images, go on where they stopped, and start detectors.
@Suite(.serialized) struct PretrainingTests {
  private static let kinds = ["circle", "star", "cross"]

  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  /// A folder of drawn images per class.
  private struct Images {
    let folder: TemporaryFolder
    var path: String { folder.path }

    init(_ count: Int, validation: Int = 8) throws {
      folder = try TemporaryFolder()
      for (number, kind) in PretrainingTests.kinds.enumerated() {
        let source = try JSON.decode(
          DatasetSource.self,
          from:
            #"{"format":"shapes","count":\#(count),"size":"96x96","seed":\#(number),"classes":["\#(kind)"]}"#,
          source: "test")
        for (index, sample) in try Dataset.load(source).samples.enumerated() {
          let part = index < count - validation ? "train" : "val"
          let picture = try sample.picture().cropped(Self.largest(sample))
          try folder.write("\(part)/\(kind)/\(index).png", picture.encodePNG())
        }
      }
    }

    /// The region of the largest shape.
    private static func largest(_ sample: Sample) throws -> PixelRegion {
      let box = try #require(sample.boxes.max { $0.boxArea < $1.boxArea })
      let (x, y) = (max(0, Int(box.x0)), max(0, Int(box.y0)))
      return PixelRegion(
        x: x, y: y, width: min(96, Int(box.x1) + 1) - x, height: min(96, Int(box.y1) + 1) - y)
    }
  }

  private func settings(
    epochs: Int, precision: Recipe.Precision = .float32
  ) throws -> Pretraining.Settings {
    var recipe = RecipePreset.pretrain.recipe
    recipe.precision = precision
    recipe.epochs = epochs
    recipe.batch = 16
    recipe.learningRate.from = 0.05
    recipe.learningRate.atBatch = nil
    recipe.learningRate.warmupSteps = 5
    return Pretraining.Settings(
      backbone: try BackboneSpec(text: "resnet18 8"), recipe: recipe,
      input: try InputSize(text: "64x64"), leastArea: 0.5, seed: 3)
  }

  @Test func aClassifierLearnsAndStartsADetector() throws {
    let images = try Images(88, validation: 40)
    let directory = try temporary.makeFolder("trained")
    let sets = try ClassificationSets(folder: images.path)
    #expect(sets.train.samples.count == 144 && sets.validation.samples.count == 120)
    var losses: [Double] = []
    let metrics = try Pretraining(
      settings(epochs: 12), sets: sets, directory: directory, resume: false
    ).run { _, metrics in losses.append(metrics["loss"] ?? .nan) }
    #expect(losses.count == 12)
    #expect(try #require(losses.last) < losses[0])
    // How much better depends on the processor's rounding; by chance, half of 120 images are right once in 10,000 tries.
    #expect(try #require(metrics["top1"]) >= 0.5, "\(metrics)")
    #expect(metrics["top5"] == 1)

    let weights = "\(directory)/weights.safetensors"
    let described = try ClassifierCheckpoint.read(weights).checkpoint
    #expect(described.classes == Self.kinds.sorted() && described.epochs == 12)
    #expect(!FileManager.default.fileExists(atPath: "\(directory)/checkpoint.safetensors"))
    let detector = try Detector(
      DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P4 16 | rpn | rcnn"), classes: 2,
      recipe: RecipePreset.structural.recipe, seed: 9)
    let match = try PretrainedWeights.load(weights, into: detector).match
    #expect(match.filledBlocks == 8 && match.leftOver == ["fc.weight", "fc.bias"])
    let file = try TensorFile.open(weights)
    #expect(
      detector.store["backbone.body.layer4.1.conv2.weight"]?.floats()
        == (try file.tensor("layer4.1.conv2.weight"))?.floats())
    #expect(throws: TrainingError.self) { try Checkpoint.read(weights) }
  }

  @Test func theRecipesPrecisionIsWhatItIsTrainedIn() throws {
    let images = try Images(24)
    let sets = try ClassificationSets(folder: images.path)
    func firstLoss(_ precision: Recipe.Precision) throws -> Double {
      let settings = try settings(epochs: 1, precision: precision)
      var losses: [Double] = []
      _ = try Pretraining(
        settings, sets: sets, directory: temporary.file(precision.rawValue), resume: false
      )
      .run { _, metrics in losses.append(metrics["loss"] ?? .nan) }
      return try #require(losses.first)
    }
    let (full, half) = (try firstLoss(.float32), try firstLoss(.bfloat16))
    // A processor without instructions for it computes float32.
    #expect((full != half) == Torch.computesBFloat16)
    #expect(abs(full - half) < 0.05 * full, "\(full) and \(half)")
  }

  @Test func aTrainingThatWasStoppedEndsAsOneThatWasNot() throws {
    let images = try Images(24)
    let sets = try ClassificationSets(folder: images.path)
    let whole = try temporary.makeFolder("whole")
    _ = try Pretraining(settings(epochs: 3), sets: sets, directory: whole, resume: false).run {
      _, _ in
    }
    let halves = try temporary.makeFolder("halves")
    var epochs = 0
    // The folder is taken as long as the training lives.
    try {
      let first = try Pretraining(settings(epochs: 3), sets: sets, directory: halves, resume: false)
      #expect(throws: TrainingError.interrupted) {
        try first.run(shouldStop: { epochs == 1 }) { epoch, _ in epochs = epoch }
      }
      let second = #expect(throws: FileError.self) {
        try Pretraining(settings(epochs: 3), sets: sets, directory: halves, resume: true)
      }
      #expect(second?.problem == "is being written into by another process")
    }()
    let other = #expect(throws: FileError.self) {
      try Pretraining(settings(epochs: 4), sets: sets, directory: halves, resume: true)
    }
    #expect(other?.problem == "is of another training; changed: recipe.epochs: 3 → 4")
    let fresh = #expect(throws: FileError.self) {
      try Pretraining(settings(epochs: 3), sets: sets, directory: halves, resume: false)
    }
    #expect(fresh?.cure.hasPrefix("add --resume to go on with it") == true)
    _ = try Pretraining(settings(epochs: 3), sets: sets, directory: halves, resume: true).run {
      _, _ in
    }
    let finished = #expect(throws: FileError.self) {
      try Pretraining(settings(epochs: 3), sets: sets, directory: halves, resume: true)
    }
    #expect(finished?.problem == "holds a finished training, which is not changed")
    let left = try Files.bytes("\(whole)/weights.safetensors")
    let right = try Files.bytes("\(halves)/weights.safetensors")
    #expect(left == right)
  }

  /// Two ranks with half of every batch have the losses of one process, and judge the same images; rank 0 alone writes.
  @Test func ranksLearnAndJudgeAsOneProcess() throws {
    let images = try Images(24, validation: 9)
    let sets = try ClassificationSets(folder: images.path)
    var settings = try settings(epochs: 3)
    settings.recipe.norm = .group
    settings.recipe.learningRate.from = 0.01
    let given = settings
    @Sendable func train(_ folder: String, _ team: any Team) throws -> [[String: Double]] {
      Torch.threads = 1
      let training = try Pretraining(
        given, sets: sets, directory: folder, resume: false, team: team)
      var epochs: [[String: Double]] = []
      let last = try training.run { epochs.append($1) }
      return epochs + [last]
    }
    let alone = try train(temporary.file("alone"), Alone())
    let folder = temporary.file("together")
    let together = try TeamThreads.run(2) { team in
      try train(team.isFirst ? folder : "/nowhere/that/anybody/writes", team)
    }
    #expect(together[0].count == 4 && together[1].count == 1)
    for (found, expected) in zip(together[0], alone) {
      for name in ["loss", "top1", "top5"] {
        guard let value = expected[name] else { continue }
        #expect(abs((found[name] ?? .nan) - value) < 1e-4, "\(name)")
      }
    }
    #expect(together[1].last?["top1"] == alone.last?["top1"])
    #expect(FileManager.default.fileExists(atPath: "\(folder)/weights.safetensors"))
  }

  @Test func aFolderOfClassesIsDivided() throws {
    let images = try Images(28)
    let sets = try ClassificationSets(folder: "\(images.path)/train")
    #expect(sets.train.samples.count == 3 * 18 && sets.validation.samples.count == 3 * 2)
    #expect(Set(sets.validation.samples.map(\.label)) == [0, 1, 2])
    #expect(throws: (any Error).self) { try ClassificationSets(folder: "\(images.path)/nowhere") }
    let error = #expect(throws: TrainingError.self) {
      try ClassificationSets(folder: "\(images.path)/val")
    }
    #expect(error?.description.contains("no class has 10 images") == true)
  }

  @Test func validationImagesMayLieInOneFolderBesideTheirLabels() throws {
    let images = try Images(28)
    let expected = try ClassificationSets(folder: images.path).validation
    var lines: [String] = []
    for (number, sample) in expected.samples.enumerated() {
      let name = "flat-\(number).png"
      try FileManager.default.moveItem(atPath: sample.path, toPath: "\(images.path)/val/\(name)")
      lines.append("\(name),\(expected.categories[sample.label ?? 0].name) 1 2 3 4")
    }
    for kind in Self.kinds {
      try FileManager.default.removeItem(atPath: "\(images.path)/val/\(kind)")
    }
    try AtomicFile.write(
      "ImageId,PredictionString\n" + lines.joined(separator: "\n"),
      to: "\(images.path)/LOC_val_solution.csv")
    let flat = try ClassificationSets(folder: images.path).validation
    #expect(flat.categories == expected.categories)
    #expect(flat.samples.map(\.label).sorted { $0 ?? 0 < $1 ?? 0 } == expected.samples.map(\.label))
    try AtomicFile.write("1\n2\n", to: "\(images.path)/LOC_val_solution.csv")
    let error = #expect(throws: TrainingError.self) { try ClassificationSets(folder: images.path) }
    #expect(error?.description.contains("gives classes as numbers") == true)
  }

  @Test func aFileThatIsNoLongerTheOneOfTheSearchIsRefused() throws {
    let path = try temporary.write("w.pth", "one")
    let fingerprint = try StableHash.hex(ofFile: path)
    try PretrainedWeights.check(path, is: fingerprint)
    try PretrainedWeights.check(path, is: nil)
    try temporary.write("w.pth", "two")
    let error = #expect(throws: TrainingError.self) {
      try PretrainedWeights.check(path, is: fingerprint)
    }
    #expect(error?.description.contains("is no longer the file that the search began with") == true)
  }

  @Test func weightsOfAnotherArchitectureAreRefused() throws {
    let path = temporary.file("other.safetensors")
    let other = try ImageClassifier(BackboneSpec(text: "resnet50 8"), classes: 2, seed: 1)
    try Safetensors.write(other.store.state, to: path)
    let detector = try Detector(
      DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"), classes: 2,
      recipe: RecipePreset.small.recipe, seed: 9)
    let before = detector.store["backbone.body.conv1.weight"]?.floats()
    let error = #expect(throws: TrainingError.self) {
      try PretrainedWeights.load(path, into: detector)
    }
    #expect(error?.description.contains("fits no block of resnet18 8") == true, "\(error as Any)")
    #expect(detector.store["backbone.body.conv1.weight"]?.floats() == before)
  }
}

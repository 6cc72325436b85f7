import DetBasics
import DetData
import DetSpec
import DetTask
import DetTensor
import DetTraining
import Foundation
import TestSupport
import Testing

/// What is wrong around a trial is told as such, in every place where a trial can meet it.
@Suite(.serialized) struct TrialFaultTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for id in 1...4 {
      let shade = UInt8(40 * id)
      let image = PixelImage(
        width: 64, height: 64,
        pixels: (0..<64 * 64 * 3).map { UInt8(truncatingIfNeeded: $0) ^ shade })
      try folder.write("data/images/\(id).png", image.encodePNG())
    }
    let images = (1...4).map {
      "{ \"id\": \($0), \"file_name\": \"\($0).png\", \"width\": 64, \"height\": 64 }"
    }
    let boxes = (1...4).map {
      "{ \"id\": \($0), \"image_id\": \($0), \"category_id\": 1, \"bbox\": [8, 8, 30, 30], \"area\": 900, \"iscrowd\": 0 }"
    }
    try folder.write(
      "data/ann.json",
      """
      { "images": [\(images.joined(separator: ", "))], "annotations": [\(boxes.joined(separator: ", "))],
        "categories": [{ "id": 1, "name": "tree" }] }
      """)
  }

  private func data() throws -> JSONValue {
    let source =
      "{ \"format\": \"coco\", \"annotations\": \"\(folder.path)/data/ann.json\", \"images\": \"\(folder.path)/data/images\" }"
    return try JSON.decode(
      JSONValue.self, from: "{ \"train\": \(source), \"validation\": \(source) }", source: "test")
  }

  private func job(
    _ directory: String? = nil, state: DataState? = nil, epochs: Int = 1, resume: Bool = false
  ) throws -> TrialJob {
    var recipe = RecipePreset.small.recipe
    recipe.epochs = epochs
    recipe.batch = 2
    recipe.latency = LatencySettings(warmupRuns: 1, runs: 3)
    return TrialJob(
      id: 1, stage: .structural,
      design: try DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P2 16 | none | retinanet"),
      recipe: recipe, data: try data(), seed: 5, device: "cpu", threads: 1,
      directory: directory ?? folder.file("trial"), resume: resume, dataState: state,
      checkpointMinutes: 0)
  }

  /// The fault that a trial ends with, and its reason.
  private func fault(
    _ job: TrialJob, meanwhile: @escaping (TrialEvent) throws -> Void = { _ in }
  ) throws -> (fault: SurroundingsFault?, reason: String) {
    var last: TrialEvent?
    try TrialWorker(job: job) { event in
      last = event
      try meanwhile(event)
    }.run()
    switch last {
    case .failed(let reason, .surroundings(let fault))?: return (fault, reason)
    case .failed(let reason, _)?: return (nil, reason)
    case .started?, .epoch?, .step?, .notice?, .latency?, .finished?, nil: return (nil, "")
    }
  }

  @Test func dataThatAreGoneBeforeATrialAreNotItsFault() throws {
    try FileManager.default.removeItem(atPath: folder.file("data/ann.json"))
    let met = try fault(job())
    #expect(met.fault == .gone)
    #expect(met.reason.contains("data/ann.json"))
  }

  @Test func anImageThatGoesOrBreaksWhileATrialIsUnderWayIsNotItsFault() throws {
    let image = folder.file("data/images/3.png")
    let bytes = try Files.bytes(image)
    let gone = try fault(job()) { event in
      if case .started = event { try FileManager.default.removeItem(atPath: image) }
    }
    #expect(gone.fault == .gone)
    #expect(gone.reason.contains("3.png"))
    try AtomicFile.write(bytes, to: image)
    let broken = try fault(job(folder.file("again"))) { event in
      if case .started = event { try AtomicFile.write(bytes.prefix(bytes.count / 2), to: image) }
    }
    #expect(broken.fault == .dataBroken)
    #expect(broken.reason.contains("3.png"))
  }

  @Test func afterAnImageThatBrokeInMidRunNothingIsLost() throws {
    #expect(try fault(job(folder.file("whole"), epochs: 3)).reason == "")
    let image = folder.file("data/images/2.png")
    let bytes = try Files.bytes(image)
    // Bytes of the same length: what the checkpoint knows of the data is how long files are.
    let broken = try fault(job(epochs: 3)) { event in
      if case .epoch(1, _) = event { try AtomicFile.write(Data(count: bytes.count), to: image) }
    }
    #expect(broken.fault == .dataBroken && broken.reason.contains("2.png"))
    try AtomicFile.write(bytes, to: image)
    #expect(try fault(job(epochs: 3, resume: true)).reason == "")
    let weights = try ["whole", "trial"].map {
      try Files.bytes(folder.file("\($0)/weights.safetensors"))
    }
    #expect(weights[0] == weights[1])
  }

  @Test(.enabled(if: SmallDisk.isPossible, "this user may not mount a file system"))
  func afterADiskThatFilledInMidRunNothingIsLost() throws {
    #expect(try fault(job(folder.file("whole"), epochs: 3)).reason == "")
    let disk = try SmallDisk(mebibytes: 40)
    let filler = "\(disk.path)/filler"
    let full = try fault(job("\(disk.path)/trial", epochs: 3)) { event in
      guard case .epoch(1, _) = event else { return }
      try? Data(count: 64 << 20).write(to: URL(fileURLWithPath: filler))
      let rest = FileManager.default.createFile(atPath: filler, contents: nil)
      #expect(rest)
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: filler))
      while (try? handle.write(contentsOf: Data(count: 4096))) != nil {}
      try? handle.close()
    }
    #expect(full.fault == .diskFull, "\(full.reason)")
    try FileManager.default.removeItem(atPath: filler)
    #expect(try fault(job("\(disk.path)/trial", epochs: 3, resume: true)).reason == "")
    let whole = try Files.bytes(folder.file("whole/weights.safetensors"))
    #expect(try Files.bytes("\(disk.path)/trial/weights.safetensors") == whole)
  }

  @Test func annotationsThatBreakAreNotItsFault() throws {
    try folder.write("data/ann.json", "{ \"images\": [")
    #expect(try fault(job()).fault == .dataBroken)
  }

  @Test func aTrialOfOtherDataDoesNotTrain() throws {
    let sets = try TrainingSets(TrainingSets.Description(data(), source: "test"))
    let inventory = try DataInventory(sets)
    try inventory.write(to: folder.file("data.tsv"))
    let state = DataState(
      train: inventory.fingerprint.train, validation: inventory.fingerprint.validation,
      inventory: folder.file("data.tsv"))
    let text = try Files.text(folder.file("data/ann.json"))
    try folder.write("data/ann.json", text.replacing("[8, 8, 30, 30]", with: "[9, 8, 30, 30]"))
    let met = try fault(job(state: state))
    #expect(met.fault == .dataChanged)
    #expect(met.reason.contains("training set: 4 images with other boxes (1.png, 2.png, 3.png, …)"))
    // The same data anew, and no list of them, are the same data.
    try folder.write("data/ann.json", text + "\n")
    try FileManager.default.removeItem(atPath: folder.file("data.tsv"))
    #expect(try fault(job(state: state)).fault == nil)
  }

  @Test func aFolderThatCannotBeWrittenIsNotItsFault() throws {
    try folder.write("file", "")
    #expect(try fault(job(folder.file("file/trial"))).fault == .gone)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "this user may not mount a file system"))
  func aDiskThatIsFullOrMayOnlyBeReadIsNotItsFault() throws {
    let disk = try SmallDisk(mebibytes: 1)
    let full = try fault(job("\(disk.path)/trial")) { event in
      guard case .started = event else { return }
      try? Data(count: 2 << 20).write(to: URL(fileURLWithPath: "\(disk.path)/filler"))
    }
    #expect(full.fault == .diskFull)
    #expect(full.reason.contains("free some space"))
    try disk.remount("ro")
    #expect(try fault(job("\(disk.path)/other")).fault == .readOnly)
  }

  @Test func everyKindOfErrorHasItsKindOfFailure() {
    let errors: [(any Error, TrialEvent.FailureKind)] = [
      (TrainingError.diverged(epoch: 1, step: 1, what: "loss"), .diverged),
      (TrainingError.exploded(epoch: 1, step: 1, loss: 99, untrained: 3), .diverged),
      (TrainingError.outOfTime(minutes: 3), .outOfTime),
      (TrainingError.data("odd"), .error),
      (TrainingError.surroundings(.noDevice, "x"), .surroundings(.noDevice)),
      (TensorError.outOfMemory(doing: "x", message: "y"), .outOfMemory),
      (TensorError.noDevice(.cpu, available: []), .surroundings(.noDevice)),
      (TensorError.torch(doing: "x", message: "shapes differ"), .error),
      (
        TensorError.torch(doing: "x", message: "unable to write: No space left on device"),
        .surroundings(.diskFull)
      ),
      (DataError(place: "a", problem: "b"), .surroundings(.dataBroken)),
      (DataError(place: "a", problem: "b", kind: .imageMissing), .surroundings(.gone)),
      (FileError(path: "a", action: "b", errorNumber: EROFS), .surroundings(.readOnly)),
      (FileError(path: "a", problem: "b"), .error),
    ]
    for (error, kind) in errors {
      #expect(TrialWorker.failure(error) == .failed(reason: "\(error)", kind: kind))
    }
  }
}

import DetBasics
import DetData
import DetModel
import DetNN
import DetSpec
import DetTensor
import Foundation
import TestSupport
import Testing

@testable import DetTraining

/// What ends a training that would come to nothing, each by its name.
@Suite(.serialized) struct GuardTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func aLossThatStaysTenTimesAboveThatOfTheStartHasExploded() {
    var watch = LossGuard()
    for _ in 0..<60 { #expect(watch.note(3) == nil) }
    // A median of 50 follows when half of the steps are so large.
    for step in 1...26 {
      let exploded = watch.note(40)
      #expect((exploded != nil) == (step >= 26), "step \(step)")
    }
  }

  @Test func peaksPlateausAndDeclinesAreNoExplosion() {
    var peaks = LossGuard()
    for step in 0..<500 { #expect(peaks.note(step.isMultiple(of: 3) ? 1000 : 2) == nil) }
    var plateau = LossGuard()
    for step in 0..<500 { #expect(plateau.note(step < 100 ? 2 : 19) == nil) }
    // From weights that solve the task, to worse and back.
    var tuned = LossGuard()
    for step in 0..<500 { #expect(tuned.note(step < 20 ? 0.05 : 5) == nil) }
  }

  @Test func theGuardGoesOnFromACheckpoint() throws {
    var watch = LossGuard()
    for step in 0..<70 { _ = watch.note(step < 45 ? 2 : 90) }
    var restored = try JSON.decode(LossGuard.self, from: JSON.text(watch), source: "test")
    #expect(restored == watch)
    let now = watch.note(90)
    let again = restored.note(90)
    #expect(now != nil && now?.now == again?.now)
  }

  @Test func anExplodedTrainingKeepsItsLastGoodCheckpoint() throws {
    let path = folder.file("out")
    // Norms that keep what they were loaded with hold nothing back.
    let weights = folder.file("start.safetensors")
    let store = ParameterStore(seed: 9)
    _ = Backbone(store.root, try BackboneSpec(text: "resnet18 8"), settings: LayerSettings())
    try Safetensors.write(store.state, to: weights)
    var events: [TrialEvent] = []
    let job = try ResumeTests.job(
      path, images: 200,
      change: {
        $0.learningRate.from = 80
        $0.learningRate.to = 80
        $0.learningRate.atBatch = nil
        $0.learningRate.warmupSteps = 30
        $0.clipNorm = 0
        $0.epochs = 4
        $0.norm = .frozenBatch
        $0.pretrained = weights
        $0.frozenStages = 0
        $0.weightStandardization = false
      }, checkpointMinutes: 0)
    try TrialWorker(job: job, choice: .output) { events.append($0) }.run()
    guard case .failed(let reason, .diverged)? = events.last else {
      Issue.record("\(String(describing: events.last))")
      return
    }
    #expect(reason.contains("lower the learning rate"))
    #expect(
      try TrainingFolder(job.folder, choice: .output, resume: true).holds(job.folder.checkpoint))
  }

  @Test(arguments: [
    ("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory", true),
    ("CUDA out of memory. Tried to allocate 20.00 MiB", true), ("CUDA error: out of memory", true),
    ("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", true),
    ("cuDNN error: CUDNN_STATUS_ALLOC_FAILED", true),
    ("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED", true),
    ("The size of tensor a (3) must match the size of tensor b (4)", false),
    ("CUDA error: an illegal memory access was encountered", false),
  ])
  func whatSaysThatMemoryRanOutIsKnown(text: String, isExhaustion: Bool) {
    #expect(Torch.tellsOfExhaustion(text) == isExhaustion)
  }

  @Test func withoutMemoryHalfAsManyImagesAreComputedAtOnce() throws {
    let scarcity = try #require(MemoryScarcity(after: 7, reason: "out of memory in x: y z"))
    #expect(scarcity.imagesAtOnce == 4)
    #expect(MemoryScarcity(text: scarcity.text) == scarcity)
    #expect(MemoryScarcity(after: 1, reason: "x") == nil)
    var events: [TrialEvent] = []
    let job = try ResumeTests.job(folder.file("out"), resume: true, change: { $0.microBatch = 4 })
    let less = MemoryScarcity(after: 4, reason: "too little")
    try TrialWorker(job: job, choice: .output, after: less) { events.append($0) }.run()
    guard case .started(let start)? = events.first, case .finished? = events.last else {
      Issue.record("\(events)")
      return
    }
    #expect(start.imagesAtOnce == 2)
    #expect(events.contains(.notice(less?.notice ?? "")))
  }
}

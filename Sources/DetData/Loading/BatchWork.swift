import DetBasics
import Foundation

/// The work of one epoch as its threads share it: images are handed out in order, batches collected in order.
final class BatchWork: @unchecked Sendable {
  /// A batch in the making.
  private final class Slot {
    let plans: [ImagePlan]
    let firstImage: Int
    let wholeCount: Int
    let size: PixelSize
    let storage: FloatStorage
    var started = 0
    var finished = 0
    /// Which images are ready.
    var isDone: [Bool]
    var errors: [(image: Int, error: any Error)] = []

    init(
      plans: [ImagePlan], firstImage: Int, wholeCount: Int, size: PixelSize, storage: FloatStorage
    ) {
      self.plans = plans
      self.firstImage = firstImage
      self.wholeCount = wholeCount
      self.size = size
      self.storage = storage
      isDone = plans.map { _ in false }
    }

    /// The image that was started first of those that are not ready.
    var firstUnfinished: Int? { isDone[..<started].firstIndex(of: false) }
  }

  private let loader: Loader
  private let plans: EpochPlans

  private let condition = NSCondition()  // guards everything below
  private var slots: [Int: Slot] = [:]
  private var opened: Int
  private var delivered: Int
  private var isCancelled = false
  /// Images made ready so far, of all batches.
  private var images = 0

  init(loader: Loader, plans: EpochPlans, first: Int) {
    self.loader = loader
    self.plans = plans
    opened = first
    delivered = first
  }

  func cancel() {
    condition.lock()
    isCancelled = true
    condition.broadcast()
    condition.unlock()
  }

  /// A thread's life: takes the next image until there is none.
  func run() {
    while let (slot, image) = takeImage() {
      let stride = 3 * slot.size.area
      let result = Result {
        try loader.renderer.render(
          slot.plans[image], into: slot.storage.pointer + image * stride, padded: slot.size)
      }
      condition.lock()
      slot.finished += 1
      slot.isDone[image] = true
      images += 1
      if case .failure(let error) = result { slot.errors.append((image, error)) }
      if slot.finished == slot.plans.count { condition.broadcast() }
      condition.unlock()
    }
  }

  private func takeImage() -> (Slot, Int)? {
    condition.lock()
    defer { condition.unlock() }
    while !isCancelled {
      if let slot = slots[opened - 1], slot.started < slot.plans.count {
        slot.started += 1
        return (slot, slot.started - 1)
      }
      if opened >= plans.count { return nil }
      if opened - delivered < loader.configuration.prefetch {
        openNext()
        condition.broadcast()
      } else {
        condition.wait()
      }
    }
    return nil
  }

  private func openNext() {
    let batch = plans.plan(ofBatch: opened)
    let size = loader.configuration.padded(batch.images.map(\.size), frame: batch.frame)
    let whole = batch.images.count
    let places = loader.configuration.share?.places(of: whole) ?? 0..<whole
    slots[opened] = Slot(
      plans: Array(batch.images[places]), firstImage: places.lowerBound, wholeCount: whole,
      size: size, storage: loader.pool.storage(count: places.count * 3 * size.area))
    opened += 1
  }

  /// Waits for the next batch in order; nil after the last.
  func next() throws -> Batch? {
    condition.lock()
    let index = delivered
    guard index < plans.count else {
      condition.unlock()
      return nil
    }
    while slots[index].map({ $0.finished < $0.plans.count }) ?? true {
      let before = images
      let end = Date(timeIntervalSinceNow: loader.configuration.patience)
      if !condition.wait(until: end), images == before {
        let error = stalled(slots[index])
        condition.unlock()
        throw error
      }
    }
    let finished = slots.removeValue(forKey: index)
    delivered += 1
    condition.broadcast()
    condition.unlock()
    return try finished.map { try batch($0, index: index) }
  }

  /// That no image got ready for longer than anybody should wait.
  private func stalled(_ slot: Slot?) -> FileError {
    let image = slot.flatMap { slot in slot.firstUnfinished.map { place(slot.plans[$0]) } }
    return FileError(
      path: image ?? loader.dataset.name,
      action: "read the image within \(Int(loader.configuration.patience)) s",
      errorNumber: ETIMEDOUT)
  }

  private func batch(_ slot: Slot, index: Int) throws -> Batch {
    let errors = slot.errors.sorted { $0.image < $1.image }
    if let first = errors.first, loader.configuration.brokenImages == .fail { throw first.error }
    let broken = Set(errors.map(\.image))
    let whole = slot.plans.indices.filter { !broken.contains($0) }
    let stride = 3 * slot.size.area
    for (place, image) in whole.enumerated() where place != image {
      let pixels = slot.storage.pointer
      (pixels + place * stride).update(from: pixels + image * stride, count: stride)
    }
    return Batch(
      images: whole.map { describe(slot.plans[$0]) }, size: slot.size,
      layout: loader.configuration.layout, index: index, firstImage: slot.firstImage,
      wholeCount: slot.wholeCount,
      skipped: errors.map { failure in
        failure.error as? DataError
          ?? DataError(place: place(slot.plans[failure.image]), problem: "\(failure.error)")
      }, storage: slot.storage)
  }

  private func place(_ plan: ImagePlan) -> String {
    plan.parts.first.map { loader.dataset.samples[$0.sample].place } ?? loader.dataset.name
  }

  private func describe(_ plan: ImagePlan) -> Batch.Image {
    let samples = loader.dataset.samples
    let main = plan.parts[0]
    let boxes = plan.parts.flatMap { part in
      part.boxes(
        of: samples[part.sample].boxes, sampleSize: samples[part.sample].size, keep: plan.keep)
    }
    return Batch.Image(
      imageID: samples[main.sample].imageID, place: samples[main.sample].place,
      original: samples[main.sample].size, resized: plan.size,
      scaleX: Double(main.target.width) / main.crop.width,
      scaleY: Double(main.target.height) / main.crop.height, isMirrored: main.isMirrored,
      boxes: boxes, label: samples[main.sample].label)
  }
}

import DetBasics

/// Takes boxes as annotation files state them: clips at the image's edge, refuses what cannot be kept,
/// and records every change, with an account of what was found and what became of it.
struct BoxIntake {
  let policy: FaultPolicy
  private(set) var repairs: [Repair] = []
  private(set) var faults: [Finding] = []
  /// What was found and left out; what is used is counted by ``account(of:)``.
  private(set) var account = DatasetAccount()
  /// Images that EXIF turns and whose boxes do not say whether they were drawn before or after that.
  var unclearOrientations: [String] = []

  init(_ policy: FaultPolicy) { self.policy = policy }

  /// The box as it can be used in an image of `size`; nil when it has to be left out.
  mutating func take(_ box: LabelledBox, in size: PixelSize, place: String) -> LabelledBox? {
    guard box.hasArea else {
      leaveOut(
        .label, .boxWithoutArea, place,
        "the box \(Self.words(box)) has no area and is left out")
      return nil
    }
    let clipped = box.clipped(width: Double(size.width), height: Double(size.height))
    guard clipped.hasArea else {
      leaveOut(
        .label, .boxWithoutArea, place,
        "the box \(Self.words(box)) lies outside the image of \(size) and is left out")
      return nil
    }
    if clipped != box {
      note(
        .boxClipped, place,
        "the box \(Self.words(box)) reaches beyond the image of \(size) and is cut there")
    }
    return clipped
  }

  mutating func note(_ kind: Repair.Kind, _ place: String, _ detail: String) {
    repairs.append(Repair(kind: kind, place: place, detail: detail))
  }

  /// Counts what was found, before it is judged.
  mutating func find(_ item: DatasetAccount.Item, _ count: Int = 1) { account.find(item, count) }

  /// Counts files of annotations that were read; images and labels are counted by ``account(of:)``.
  mutating func useLabelFile() { account.use(.labelFile) }

  /// Leaves `count` items out for a reason that the data set lists.
  mutating func leaveOut(
    _ item: DatasetAccount.Item, _ kind: Repair.Kind, _ place: String, _ detail: String,
    count: Int = 1
  ) {
    note(kind, place, detail)
    account.leaveOut(item, count, because: .repair(kind))
  }

  /// Counts labels of an image that is not used, and is listed itself.
  mutating func leaveOutLabels(_ count: Int) {
    leaveOut(.label, count, because: .imageNotUsed)
  }

  /// Counts what is left out and listed elsewhere.
  mutating func leaveOut(
    _ item: DatasetAccount.Item, _ count: Int = 1, because reason: DatasetAccount.Reason
  ) {
    account.leaveOut(item, count, because: reason)
  }

  /// Lists what was thrown and continues, or throws it again, as the policy says; `item`: what is lost by it.
  mutating func fault(_ error: any Error, losing item: DatasetAccount.Item? = nil) throws {
    guard policy == .collect, error is DataError || error is FileError else { throw error }
    let finding = Finding(error)
    faults.append(finding)
    if let item { account.leaveOut(item, because: .fault(finding.kind)) }
  }

  /// An image that is not there: left out and noted when the source allows it, a fault otherwise.
  mutating func missing(_ image: String, in folder: String, place: String, isAllowed: Bool) throws {
    let problem = "the image \(image) is not in \(folder)"
    guard !isAllowed else { return leaveOut(.image, .imageMissing, place, problem) }
    try fault(
      DataError(
        place: place, problem: problem,
        cure: "check \"images\", or set \"skipMissing\": true to leave such images out",
        kind: .imageMissing), losing: .image)
  }

  /// The account with what `samples` use of images and labels.
  func account(of samples: [Sample]) -> DatasetAccount {
    var result = account
    result.use(.image, samples.count)
    result.use(.label, samples.reduce(0) { $0 + $1.boxes.count + ($1.label == nil ? 0 : 1) })
    return result
  }

  /// The corners, to hundredths of a pixel; in full where that would hide by how little a corner is no whole number.
  static func words(_ box: LabelledBox) -> String {
    [box.x0, box.y0, box.x1, box.y1].map { number in
      if number == number.rounded() && abs(number) < 1e9 { return "\(Int(number))" }
      let short = number.fixed(2)
      return short.hasSuffix(".00") ? "\(number)" : short
    }.joined(separator: " ")
  }
}

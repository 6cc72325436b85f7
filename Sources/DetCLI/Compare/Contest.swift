import DetBasics
import DetExecution
import DetMetrics
import DetSearch
import DetSpec

/// How two detectors compare on the same images: what `smnas compare` prints.
struct Contest: Encodable {
  let version = 1
  let a: Side
  let b: Side
  /// AP over IoU 0.50 to 0.95, with the difference.
  let AP: Accuracy
  /// AP at IoU 0.50, with the difference.
  let AP50: Accuracy
  /// Nil where one of the two has no latency, as a file has not.
  let latency: LatencyContest?
  /// The parts of the designs, where both are known.
  let design: [Part]?
  /// The keys in which the recipes differ, where both are known.
  let recipe: [String]?
  /// Images that the two differ most on.
  var pictures: [ContestPictures.Drawn]?
  /// What must be known beside the numbers.
  var notes: [String]

  /// One of the two.
  struct Side: Encodable {
    let given: String
    let run: String?
    let trial: Int?
    let stage: SearchStage?
    let name: String?
    let design: DetectorDesign?
    /// What the trial reported.
    let metrics: [String: Double]?
    let detections: String
  }

  /// An accuracy of both, and the second less the first.
  struct Accuracy: Encodable {
    let a: Bootstrap.Interval
    let b: Bootstrap.Interval
    let difference: Bootstrap.Interval
    let probability: Double
    let isResolved: Bool
  }

  /// A part of both designs.
  struct Part: Encodable {
    let part: String
    let a: String
    let b: String
    var isSame: Bool { a == b }
  }
}

extension Contest {
  /// Judges both sides by the same truth.
  init(_ a: Contender, _ b: Contender, _ judges: ContestJudges) throws {
    self.a = Side(a)
    self.b = Side(b)
    AP = try judges.accuracy(iou: nil)
    AP50 = try judges.accuracy(iou: 0.5)
    notes = judges.notes
    guard let one = a.record, let other = b.record else {
      (latency, design, recipe) = (nil, nil, nil)
      return
    }
    latency = LatencyContest(one, other)
    design = zip(one.trial.design.parts, other.trial.design.parts).map {
      Part(part: $0.name, a: $0.text, b: $1.text)
    }
    if let first = one.recipe, let second = other.recipe {
      recipe = try JSON.value(first).differences(from: JSON.value(second))
    } else {
      recipe = nil
    }
  }
}

extension Contest.Side {
  init(_ contender: Contender) {
    let record = contender.record
    given = contender.word
    detections = contender.detections
    run = record?.run.folder.path
    trial = record?.trial.id
    stage = record?.trial.stage
    name = record?.name
    design = record?.trial.design
    metrics = record?.trial.metrics
  }
}

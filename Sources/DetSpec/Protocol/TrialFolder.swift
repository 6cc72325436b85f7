import DetBasics

/// Where a trial keeps its files: the one place that spells their names.
///
/// A training outside a search uses the same names in a folder of the user's choice.
///
/// ```swift
/// TrialFolder(trial: 17, in: "runs/trees/trials").log  // runs/trees/trials/000017/log.txt
/// ```
public struct TrialFolder: Sendable, Hashable {
  /// The folder.
  public let path: String

  /// Names a folder; nothing is made.
  public init(_ path: String) { self.path = path }

  /// The folder of a numbered trial among those of its run: six digits, more when the number has more.
  public init(trial id: Int, in folder: String) {
    self.init("\(folder)/\("\(id)".paddedWithZeros(to: 6))")
  }

  /// What the worker was asked to do: a ``TrialJob``.
  public var job: String { "\(path)/job.json" }
  /// All that the search knows of it, should the store be lost.
  public var record: String { "\(path)/record.json" }
  /// What it reported: a ``TrialEvent`` a line.
  public var events: String { "\(path)/events.jsonl" }
  /// What it wrote for people.
  public var log: String { "\(path)/log.txt" }
  /// Its detections on the validation images, in COCO's results format.
  public var detections: String { "\(path)/detections.json" }
  /// Its detections on one validation image, drawn beside the truth.
  public var picture: String { "\(path)/detections.png" }
  /// What people need to know of its weights: a model card in Markdown.
  public var card: String { "\(path)/MODEL.md" }
  /// The folder of what TensorBoard shows of its training.
  public var board: String { "\(path)/tensorboard" }
  /// What was exported of it: an ``ExportRecord`` a line.
  public var exports: String { "\(path)/exports.jsonl" }
  /// Its weights, once it is trained.
  public var weights: String { "\(path)/weights.safetensors" }
  /// What a plan's own program is asked about its latency.
  public var measurementJob: String { "\(path)/measurement.json" }
  /// What it has found while its latency is not known yet.
  public var unmeasured: String { "\(path)/unmeasured.json" }
  /// Everything needed to resume it; there only while it is under way.
  public var checkpoint: String { "\(path)/checkpoint.safetensors" }
  /// The checkpoint before the newest, in case that one is damaged.
  public var previousCheckpoint: String { "\(path)/checkpoint.previous.safetensors" }
  /// Where the jobs of a cluster work on it, each in a folder of its own; there only while it is under way.
  public var attempts: String { "\(path)/attempts" }
  /// Both generations, the newest first.
  public var checkpoints: [String] { [checkpoint, previousCheckpoint] }
}

extension TrialJob {
  /// The folder for the trial's files.
  public var folder: TrialFolder { TrialFolder(directory) }
}

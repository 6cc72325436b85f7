public import DetBasics

/// What a runner is asked to do: one design, evaluated once (the trial protocol's `job.json`).
public struct TrialJob: Sendable, Hashable {
  /// The version of the protocol.
  public static let currentVersion = 1

  /// See ``currentVersion``.
  public let version: Int
  /// The trial's number within its run, from 1; 0 for a training outside a search.
  public let id: Int
  /// The stage it belongs to; nil for a training outside a search.
  public let stage: SearchStage?
  /// The design.
  public let design: DetectorDesign
  /// How to train it. Its learning rates are those that are used for its batch: nobody needs to scale them.
  public let recipe: Recipe
  /// Training and validation data; only the worker reads it.
  public let data: JSONValue
  /// The seed of everything random in the trial.
  public let seed: UInt64
  /// `cpu`, `cuda:0`, …
  public let device: String
  /// Threads the trial computes with.
  public let threads: Int
  /// The folder for the trial's files.
  public var directory: String
  /// Whether to resume from the checkpoint in the folder, if there is one.
  public var resume: Bool
  /// A file through which the processes of one machine take turns, so that latency is measured while nothing
  /// else of the run computes; nil when the trial has the machine to itself.
  public var measurementLock: String?
  /// What the data were when the run began: a worker that finds others does not train; nil when nobody looked.
  public let dataState: DataState?
  /// What the content of the recipe's `pretrained` was when the search began (`StableHash.hex(ofFile:)`); nil where it was not looked at.
  public let weightsFingerprint: String?
  /// Minutes between checkpoints in a long epoch; nil for the worker's own habit.
  public let checkpointMinutes: Double?
  /// Minutes after which the training stops with a checkpoint; nil for as long as it takes.
  public let budgetMinutes: Double?
  /// Whether the worker measures the latency; else it is known already, or the plan's own program is asked for it when the worker has
  /// ended.
  public let measuresLatency: Bool
  /// What trains, in a word: results of one trainer, of equal jobs, may stand for each other (``TrainingVersion/trainer``, or a plan's
  /// `runner.cacheKey`). Nil for a program of the plan's own that has no word: nothing is known of it.
  public let trainer: String?

  /// A job of the current version.
  public init(
    id: Int, stage: SearchStage?, design: DetectorDesign, recipe: Recipe, data: JSONValue,
    seed: UInt64, device: String, threads: Int, directory: String, resume: Bool,
    measurementLock: String? = nil, dataState: DataState? = nil,
    weightsFingerprint: String? = nil, checkpointMinutes: Double? = nil,
    budgetMinutes: Double? = nil, measuresLatency: Bool = true, trainer: String? = nil
  ) {
    version = Self.currentVersion
    self.id = id
    self.stage = stage
    self.design = design
    self.recipe = recipe
    self.data = data
    self.seed = seed
    self.device = device
    self.threads = threads
    self.directory = directory
    self.resume = resume
    self.measurementLock = measurementLock
    self.dataState = dataState
    self.weightsFingerprint = weightsFingerprint
    self.checkpointMinutes = checkpointMinutes
    self.budgetMinutes = budgetMinutes
    self.measuresLatency = measuresLatency
    self.trainer = trainer
  }
}

extension TrialJob: Codable {
  private enum CodingKeys: String, CodingKey {
    case version, id, stage, design, recipe, data, seed, device, threads, directory, resume
    case measurementLock, dataState, weightsFingerprint, checkpointMinutes, budgetMinutes
    case measuresLatency, trainer
  }

  /// Reads a job; one of a newer version than this program's is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    version = try container.decode(Int.self, forKey: .version)
    guard version == Self.currentVersion else {
      throw DecodingError.dataCorruptedError(
        forKey: .version, in: container,
        debugDescription: "the job has version \(version), but this program reads version "
          + "\(Self.currentVersion); use the same smnas for search and trials")
    }
    id = try container.decode(Int.self, forKey: .id)
    stage = try container.decodeIfPresent(SearchStage.self, forKey: .stage)
    design = try container.decode(DetectorDesign.self, forKey: .design)
    recipe = try container.decode(Recipe.self, forKey: .recipe)
    data = try container.decode(JSONValue.self, forKey: .data)
    seed = try container.decode(UInt64.self, forKey: .seed)
    device = try container.decode(String.self, forKey: .device)
    threads = try container.decode(Int.self, forKey: .threads)
    directory = try container.decode(String.self, forKey: .directory)
    resume = try container.decode(Bool.self, forKey: .resume)
    measurementLock = try container.decodeIfPresent(String.self, forKey: .measurementLock)
    dataState = try container.decodeIfPresent(DataState.self, forKey: .dataState)
    weightsFingerprint = try container.decodeIfPresent(String.self, forKey: .weightsFingerprint)
    checkpointMinutes = try container.decodeIfPresent(Double.self, forKey: .checkpointMinutes)
    budgetMinutes = try container.decodeIfPresent(Double.self, forKey: .budgetMinutes)
    measuresLatency = try container.decodeIfPresent(Bool.self, forKey: .measuresLatency) ?? true
    trainer = try container.decodeIfPresent(String.self, forKey: .trainer)
  }
}

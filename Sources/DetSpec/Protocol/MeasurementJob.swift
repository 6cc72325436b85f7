import DetBasics

/// What a program is asked that times detectors: all of them, interleaved with one another.
///
/// It prints a ``MeasurementEvent`` for each on a line of standard output, and nothing else. The program may run anywhere: behind
/// ssh on another device, on an exported model, on a telephone.
public struct MeasurementJob: Sendable, Hashable, Codable {
  /// The version of the protocol.
  public static let currentVersion = 1

  /// One detector, trained or not.
  public struct Subject: Sendable, Hashable, Codable {
    /// The number of its trial.
    public let trial: Int
    /// Its design.
    public let design: DetectorDesign
    /// The file of its weights, with recipe and classes in its metadata. Nil for a design that is not trained yet: it has random
    /// weights, which take as long as trained ones at the full load, `DetectionLoad`.
    public let weights: String?
    /// How a design without weights is going to be trained: norms and detection settings decide what is timed. Nil with weights.
    public let recipe: Recipe?
    /// How many classes it is going to have. Nil with weights.
    public let classes: Int?

    /// Names a trained detector.
    public init(trial: Int, design: DetectorDesign, weights: String) {
      self.trial = trial
      self.design = design
      self.weights = weights
      recipe = nil
      classes = nil
    }

    /// Names a design that is not trained yet.
    public init(trial: Int, design: DetectorDesign, recipe: Recipe, classes: Int) {
      self.trial = trial
      self.design = design
      weights = nil
      self.recipe = recipe
      self.classes = classes
    }
  }

  /// See ``currentVersion``.
  public let version: Int
  /// What is timed.
  public let detectors: [Subject]
  /// Image files to detect in, in turn.
  public let images: [String]
  /// Single-image runs of each before any is timed, and those that are timed.
  public let warmupRuns: Int
  /// See ``warmupRuns``.
  public let runs: Int
  /// `cpu`, `cuda:0`, …
  public let device: String
  /// Threads to compute with.
  public let threads: Int
  /// A file through which the processes of one machine take turns; nil when there are no others.
  public let measurementLock: String?

  /// A job of the current version.
  public init(
    detectors: [Subject], images: [String], settings: LatencySettings, device: String,
    threads: Int, measurementLock: String?
  ) {
    version = Self.currentVersion
    self.detectors = detectors
    self.images = images
    warmupRuns = settings.warmupRuns
    runs = settings.runs
    self.device = device
    self.threads = threads
    self.measurementLock = measurementLock
  }

  /// How often the detectors run.
  public var settings: LatencySettings { LatencySettings(warmupRuns: warmupRuns, runs: runs) }
}

/// What a program that measures says of one detector: the latency event of the trial protocol, with the trial's number.
public struct MeasurementEvent: Sendable, Hashable, Codable {
  /// The trial.
  public let trial: Int
  /// The runs, in milliseconds.
  public let milliseconds: LatencySummary
  /// The circumstances, as far as they are known.
  public let conditions: LatencyConditions?

  /// A reading of a trial's detector.
  public init(trial: Int, _ reading: LatencyReading) {
    self.trial = trial
    milliseconds = reading.runs
    conditions = reading.conditions
  }

  /// The reading.
  public var reading: LatencyReading {
    var reading = LatencyReading(runs: milliseconds)
    if let conditions { reading.conditions = conditions }
    return reading
  }
}

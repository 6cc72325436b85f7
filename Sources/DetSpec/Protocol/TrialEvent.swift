public import DetBasics

/// What a runner reports while it works: one JSON object a line on standard output, nothing else.
public enum TrialEvent: Sendable, Hashable {
  /// The model is built, training begins.
  case started(Start)
  /// An epoch is over; `metrics` holds `loss` always, and `AP` … when the epoch was evaluated.
  case epoch(Int, metrics: [String: Double])
  /// A training under way, every few seconds.
  case step(Step)
  /// Something that people should know and that changes nothing for programs, in words.
  case notice(String)
  /// The design's time per image was measured.
  case latency(LatencyReading)
  /// The trial is done; `metrics` holds its results by name: those of ``Metric``, and whatever else was worth noting.
  case finished(metrics: [String: Double])
  /// The trial cannot be done, for a reason in words.
  case failed(reason: String, kind: FailureKind)

  /// What a started trial knows of itself.
  public struct Start: Sendable, Hashable, Codable {
    /// Trainable parameters.
    public let parameters: Int
    /// Epochs it is going to train.
    public let epochs: Int
    /// Images in the training and in the validation set.
    public let trainingImages: Int
    /// See ``trainingImages``.
    public let validationImages: Int
    /// What was taken from the recipe's pretrained weights; nil without such.
    public let weights: WeightSummary?
    /// Images computed at once, of which the gradients add up to the batch's; nil where nobody said.
    public let imagesAtOnce: Int?
    /// What became of every file and label of the data, in words, a line for each of the two sets; nil without files.
    public let data: [String]?

    /// Describes a start.
    public init(
      parameters: Int, epochs: Int, trainingImages: Int, validationImages: Int,
      weights: WeightSummary? = nil, imagesAtOnce: Int? = nil, data: [String]? = nil
    ) {
      self.parameters = parameters
      self.epochs = epochs
      self.trainingImages = trainingImages
      self.validationImages = validationImages
      self.weights = weights
      self.imagesAtOnce = imagesAtOnce
      self.data = data
    }
  }

  /// How a training is getting on.
  public struct Step: Sendable, Hashable, Codable {
    /// The epoch's number, from 1.
    public let epoch: Int
    /// The step's number in its epoch, from 1.
    public let step: Int
    /// Steps of the epoch.
    public let steps: Int
    /// Means since the last such event: the losses by name, `loss` their sum, `rate`, `imagesPerSecond`, the share of the time
    /// that was spent `waiting` for images, and `secondsLeft` to the end of training, evaluations not counted.
    public let metrics: [String: Double]

    /// Describes a moment.
    public init(epoch: Int, step: Int, of steps: Int, metrics: [String: Double]) {
      self.epoch = epoch
      self.step = step
      self.steps = steps
      self.metrics = metrics
    }
  }

  /// Why a runner gave up, in the kinds that a program distinguishes.
  public enum FailureKind: Sendable, Hashable {
    /// Any reason that has no kind of its own.
    case error
    /// The loss stopped being a finite number, or exploded.
    case diverged
    /// The time that the training was given is used up.
    case outOfTime
    /// Memory ran out.
    case outOfMemory
    /// Something around the trial, by its own word as in `"diskFull"`: the design is not charged with it.
    case surroundings(SurroundingsFault)
  }
}

extension TrialEvent.FailureKind: WordCodable {
  /// Every kind.
  public static var allCases: [Self] {
    [.error, .diverged, .outOfTime, .outOfMemory]
      + SurroundingsFault.allCases.map(Self.surroundings)
  }

  /// The kind's word in JSON.
  public var rawValue: String {
    switch self {
    case .error: "error"
    case .diverged: "diverged"
    case .outOfTime: "outOfTime"
    case .outOfMemory: "outOfMemory"
    case .surroundings(let fault): fault.rawValue
    }
  }

  /// The kind of a word.
  public init?(rawValue: String) {
    guard let kind = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = kind
  }
}

extension TrialEvent {
  /// The metric that was measured in repeated runs, with their spread; nil for an event about something else.
  public var measured: (metric: Metric, runs: LatencySummary)? {
    switch self {
    case .latency(let reading): (.latency, reading.runs)
    case .started, .epoch, .step, .notice, .finished, .failed: nil
    }
  }

  /// Whether it belongs to the course of a training, which is the same wherever its result is taken.
  package var isOfTraining: Bool {
    switch self {
    case .started, .epoch: true
    case .step, .notice, .latency, .finished, .failed: false
    }
  }
}

extension TrialEvent: Codable {
  private enum CodingKeys: String, CodingKey {
    case event, parameters, epochs, trainingImages, validationImages, weights, imagesAtOnce
    case epoch, step, steps, metrics, milliseconds, conditions, devices, text, reason, kind
  }

  private enum Name: String, WordCodable {
    case started, epoch, step, notice, latency, finished, failed
  }

  /// Reads one event; a key or an event it does not know is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Name.self, forKey: .event) {
    case .started:
      self = .started(
        Start(
          parameters: try container.decodeIfPresent(Int.self, forKey: .parameters) ?? 0,
          epochs: try container.decodeIfPresent(Int.self, forKey: .epochs) ?? 0,
          trainingImages: try container.decodeIfPresent(Int.self, forKey: .trainingImages) ?? 0,
          validationImages: try container.decodeIfPresent(Int.self, forKey: .validationImages) ?? 0,
          weights: try container.decodeIfPresent(WeightSummary.self, forKey: .weights),
          imagesAtOnce: try container.decodeIfPresent(Int.self, forKey: .imagesAtOnce))
      )
    case .epoch:
      self = .epoch(
        try container.decode(Int.self, forKey: .epoch),
        metrics: try container.decodeIfPresent([String: Double].self, forKey: .metrics) ?? [:])
    case .step:
      self = .step(
        Step(
          epoch: try container.decode(Int.self, forKey: .epoch),
          step: try container.decode(Int.self, forKey: .step),
          of: try container.decode(Int.self, forKey: .steps),
          metrics: try container.decodeIfPresent([String: Double].self, forKey: .metrics) ?? [:]))
    case .notice: self = .notice(try container.decode(String.self, forKey: .text))
    case .latency:
      var reading = LatencyReading(
        runs: try container.decode(LatencySummary.self, forKey: .milliseconds))
      let known = try container.decodeIfPresent(LatencyConditions.self, forKey: .conditions)
      if let known { reading.conditions = known }
      reading.others = try container.readings(forKey: .devices)
      self = .latency(reading)
    case .finished:
      self = .finished(metrics: try container.decode([String: Double].self, forKey: .metrics))
    case .failed:
      self = .failed(
        reason: try container.decode(String.self, forKey: .reason),
        kind: try container.decodeIfPresent(FailureKind.self, forKey: .kind) ?? .error)
    }
  }

  /// Writes one event.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .started(let start):
      try container.encode(Name.started, forKey: .event)
      try container.encode(start.parameters, forKey: .parameters)
      try container.encode(start.epochs, forKey: .epochs)
      try container.encode(start.trainingImages, forKey: .trainingImages)
      try container.encode(start.validationImages, forKey: .validationImages)
      try container.encodeIfPresent(start.weights, forKey: .weights)
      try container.encodeIfPresent(start.imagesAtOnce, forKey: .imagesAtOnce)
    case .epoch(let epoch, let metrics):
      try container.encode(Name.epoch, forKey: .event)
      try container.encode(epoch, forKey: .epoch)
      try container.encode(metrics, forKey: .metrics)
    case .step(let step):
      try container.encode(Name.step, forKey: .event)
      try container.encode(step.epoch, forKey: .epoch)
      try container.encode(step.step, forKey: .step)
      try container.encode(step.steps, forKey: .steps)
      try container.encode(step.metrics, forKey: .metrics)
    case .notice(let text):
      try container.encode(Name.notice, forKey: .event)
      try container.encode(text, forKey: .text)
    case .latency(let reading):
      try container.encode(Name.latency, forKey: .event)
      try container.encode(reading.runs, forKey: .milliseconds)
      try container.encode(reading.conditions, forKey: .conditions)
      if !reading.others.isEmpty { try container.encode(reading.others, forKey: .devices) }
    case .finished(let metrics):
      try container.encode(Name.finished, forKey: .event)
      try container.encode(metrics, forKey: .metrics)
    case .failed(let reason, let kind):
      try container.encode(Name.failed, forKey: .event)
      try container.encode(reason, forKey: .reason)
      try container.encode(kind, forKey: .kind)
    }
  }
}

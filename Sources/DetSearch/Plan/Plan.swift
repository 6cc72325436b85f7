public import DetBasics
public import DetSpec

/// The file that describes a search: data, spaces, objectives, budget, recipes, runner.
///
/// JSON with comments and trailing commas. Every key but `data` and one stage has a default; a plan is written
/// back in full. `smnas plan --keys` prints all keys.
///
/// ```swift
/// let plan = try Plan(file: "plan.json")
/// plan.structural?.trials
/// ```
public struct Plan: Hashable, Sendable {
  /// The version of the file's format.
  public static let currentVersion = 1

  /// What the search is called.
  public var name = "search"
  /// Whether the search is exactly the paper's; see ``asInThePaper()``.
  public var faithful = false
  /// The seed of every decision and of every trial.
  public var seed: UInt64 = 0
  /// Training and validation data; the search half hands it to the worker unread.
  public var data = JSONValue.null
  /// Stage one; nil leaves it out.
  public var structural: StructuralPlan?
  /// Stage two; nil leaves it out.
  public var modular: ModularPlan?
  /// Full trainings of chosen designs; nil leaves them out.
  public var final: FinalPlan?
  /// What trials run on.
  public var runner = RunnerPlan()
  /// How latencies are taken.
  public var latency = LatencyPlan()
  /// Whether results that other runs on this machine have paid for are taken, and those of this run are kept for them.
  public var cache = true

  /// The defaults, without data and without a stage.
  package init() {}

  /// Reads and checks a plan's file.
  public init(file path: String) throws {
    self = try JSON.decode(Plan.self, file: path, allowsComments: true)
  }

  /// Reads and checks a plan's text.
  public init(text: String, source: String = "plan") throws {
    self = try JSON.decode(Plan.self, from: text, source: source, allowsComments: true)
  }

  /// What trains, in a word by which results of several runs belong together; nil for a program of the plan's own without one.
  package var trainer: String? {
    runner.command == nil ? TrainingVersion.trainer : runner.cacheKey
  }

  /// The plan with the paper's algorithm and nothing that it does not have: evolution from designs drawn at random, partial order
  /// pruning without a margin, every design trained once and to its end, no baseline within a pick's budget, no results of other runs, and each latency taken once.
  public func asInThePaper() -> Plan {
    var plan = self
    plan.faithful = true
    plan.structural?.searcher = .paper
    plan.structural?.pruning = true
    plan.structural?.pruningMargin = 0
    plan.structural?.earlyStopping = false
    plan.structural?.reseedShare = 0
    plan.modular?.searcher = .paper
    plan.modular?.pruning = true
    plan.modular?.pruningMargin = 0
    plan.modular?.earlyStopping = false
    plan.modular?.reseedShare = 0
    plan.modular?.baseline = false
    plan.latency.measuresFront = false
    plan.cache = false
    return plan
  }

  /// Stages one and two where both train designs in one way, so that one's repetitions tell of the other's noise; else none.
  package var stagesTrainedAlike: Set<SearchStage> {
    guard let structural, let modular, structural.recipe == modular.recipe,
      structural.weights == nil
    else { return [] }
    return [.structural, .modular]
  }

  /// The stages that the plan describes, in order.
  public var stages: [SearchStage] {
    (structural == nil ? [] : [.structural]) + (modular == nil ? [] : [.modular])
      + (final == nil ? [] : [.final])
  }

  /// The objectives of a stage; empty when the plan leaves it out.
  public func objectives(of stage: SearchStage) -> [Metric] {
    switch stage {
    case .structural: structural?.objectives ?? []
    case .modular: modular?.objectives ?? []
    case .final: final?.objectives ?? []
    }
  }

  /// Whether workers measure the latency of what they have trained, rather than a program that is asked for it.
  package var workersMeasure: Bool {
    latency.command == nil && runner.slurm?.measurement == nil && latency.others.isEmpty
  }

  /// Why latencies on other devices cannot be had as the plan wants them, in words; nil when they can.
  var problemWithDevices: String? {
    let devices = latency.others.map(\.device)
    let asked = stages.flatMap { objectives(of: $0) }.compactMap(\.device)
    if let unknown = asked.first(where: { !devices.contains($0) }) {
      return
        "\(Metric.latency(on: unknown)) is an objective, but latency.devices has no \"\(unknown)\""
        + (devices.isEmpty ? "" : "; it has \(devices.joined(separator: ", "))")
        + "; give its program there"
    }
    guard !devices.isEmpty, latency.command == nil else { return nil }
    if runner.command != nil {
      return
        "latency.devices is given, but only the program that trains could time its detectors here; give latency.command, too"
    }
    return runner.slurm == nil
      ? nil
      : "latency.devices is given, but every node would ask them at the same time; give latency.command, too, so that all are asked from where the search runs"
  }

  /// Why heads would change between stage two and the finals, in words; nil when they stay: channels that are the recipe's are not
  /// written in a design.
  var problemWithHeads: String? {
    guard let modular, let final, final.needsFronts else { return nil }
    let (searched, trained) = (
      modular.recipe.detection.headWidth, final.recipe.detection.headWidth
    )
    guard searched != trained, modular.space.headChannels.contains(searched) else { return nil }
    return
      "modular.space.headChannels has \(searched), which is modular.recipe.detection.headWidth and so not written in designs, but final.recipe.detection.headWidth is \(trained), so that such a head would become another; make both widths the same"
  }

  /// Whether latencies are compared that workers would take on whatever node of a cluster they are, beside whoever works there.
  var needsMeasurementNodes: Bool {
    guard let slurm = runner.slurm, slurm.measurement == nil, runner.command == nil,
      latency.command == nil
    else { return false }
    return stages.contains { objectives(of: $0).contains(where: \.isLatency) }
  }

  /// The recipe of a stage; nil when the plan leaves it out.
  public func recipe(of stage: SearchStage) -> Recipe? {
    switch stage {
    case .structural: structural?.recipe
    case .modular: modular?.recipe
    case .final: final?.recipe
    }
  }

  /// Whether trainings of a stage may end early.
  package func stopsEarly(_ stage: SearchStage) -> Bool {
    switch stage {
    case .structural: structural?.earlyStopping ?? false
    case .modular: modular?.earlyStopping ?? false
    case .final: false
    }
  }

  /// The file that a backbone starts from in a stage; nil where the stage names none for it.
  public func weights(of stage: SearchStage, _ backbone: BackboneSpec) -> BackboneFile? {
    switch stage {
    case .structural: structural?.weights?[backbone]
    case .modular, .final: nil
    }
  }
}

extension Plan: Codable {
  /// Reads a plan; checks every value.
  public init(from decoder: any Decoder) throws {
    self.init()
    try Self.settings.decode(into: &self, from: decoder)
    if faithful { self = asInThePaper() }
  }

  /// Writes every value, defaults too.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}

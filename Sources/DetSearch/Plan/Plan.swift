public import DetBasics
public import DetSpec

/// The file that describes a search: data, spaces, objectives, budget, recipes, runner.
///
/// JSON with comments and trailing commas. Every key but `data` and one stage has a default; a plan is written
/// back in full.
///
/// ```swift
/// let plan = try Plan(file: "plan.json")
/// plan.structural?.trials
/// ```
public struct Plan: Hashable, Sendable {
  /// The version of the file's format.
  public static let currentVersion = 1

  /// What the search is called.
  public var name: String
  /// The seed of every decision and of every trial.
  public var seed: UInt64
  /// Training and validation data; the search half hands it to the worker unread.
  public var data: JSONValue
  /// Stage one; nil leaves it out.
  public var structural: StructuralPlan?
  /// Stage two; nil leaves it out.
  public var modular: ModularPlan?
  /// What trials run on.
  public var runner: RunnerPlan

  /// Reads and checks a plan's file.
  public init(file path: String) throws {
    self = try JSON.decode(Plan.self, file: path, allowsComments: true)
  }

  /// Reads and checks a plan's text.
  public init(text: String, source: String = "plan") throws {
    self = try JSON.decode(Plan.self, from: text, source: source, allowsComments: true)
  }

  /// The stages that the plan describes, in order.
  public var stages: [SearchStage] {
    (structural == nil ? [] : [.structural]) + (modular == nil ? [] : [.modular])
  }

  /// The objectives of a stage; empty when the plan leaves it out.
  public func objectives(of stage: SearchStage) -> [SearchObjective] {
    switch stage {
    case .structural: structural?.objectives ?? []
    case .modular: modular?.objectives ?? []
    }
  }

  /// The recipe of a stage; nil when the plan leaves it out.
  public func recipe(of stage: SearchStage) -> Recipe? {
    switch stage {
    case .structural: structural?.recipe
    case .modular: modular?.recipe
    }
  }
}

extension Plan: Codable {
  private enum CodingKeys: String, CodingKey {
    case version, name, seed, data, structural, modular, runner
  }

  /// Reads a plan; checks every value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let version = try container.value(.version, default: Self.currentVersion)
    try container.require(
      version == Self.currentVersion, .version,
      "is \(version); this program reads version \(Self.currentVersion)")
    name = try container.value(.name, default: "search")
    seed = try container.value(.seed, default: 0)
    data = try container.decode(JSONValue.self, forKey: .data)
    structural = try container.decodeIfPresent(StructuralPlan.self, forKey: .structural)
    modular = try container.decodeIfPresent(ModularPlan.self, forKey: .modular)
    runner = try container.value(.runner, default: RunnerPlan())
    try container.require(!name.isEmpty, .name, "is empty; use a word such as \"trees\"")
    // Other programs keep JSON's numbers as doubles; a larger seed would come back as another one.
    try container.require(
      seed < 1 << 53, .seed, "is \(seed); use a whole number below 2^53, 9007199254740992")
    try checkData(container)
    try container.require(
      structural != nil || modular != nil, .structural,
      "is missing, and so is modular; describe at least one stage")
    try container.require(
      structural != nil || modular?.designs.isEmpty == false, .modular,
      "has nothing to start from; add a structural stage, or a list of \"designs\" to modular")
  }

  private func checkData(_ container: KeyedDecodingContainer<CodingKeys>) throws {
    for part in ["train", "validation"] {
      try container.require(
        data[part] != nil, .data,
        "has no \"\(part)\"; give it \"train\" and \"validation\", each with its format and paths")
    }
  }

  /// Writes every value, defaults too.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.currentVersion, forKey: .version)
    try container.encode(name, forKey: .name)
    try container.encode(seed, forKey: .seed)
    try container.encode(data, forKey: .data)
    try container.encodeIfPresent(structural, forKey: .structural)
    try container.encodeIfPresent(modular, forKey: .modular)
    try container.encode(runner, forKey: .runner)
  }
}

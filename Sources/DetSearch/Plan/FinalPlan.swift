package import DetBasics
public import DetSpec

/// The last part of a plan: designs of the fronts, trained in full.
///
/// They are chosen, in this order, as `designs`, `trials` or `latencies` name them, or else spread over the fronts.
public struct FinalPlan: Hashable, Sendable {
  /// Members of the fronts that are trained in full, where nothing else says which.
  public var count = 6
  /// For each of these, in milliseconds, the most accurate member of a front that takes no longer.
  public var latencies: [Double] = []
  /// Trials by number whose designs are trained in full.
  public var trials: [Int] = []
  /// Designs that are trained in full.
  public var designs: [DetectorDesign] = []
  /// What is compared.
  public var objectives: [Metric] = [.averagePrecision, .latency]
  /// How each is trained.
  public var recipe = RecipePreset.final.recipe
  /// Where their backbones learn to classify images before; nil for backbones from scratch.
  public var classification: ClassificationPlan?

  /// The defaults.
  public init() {}

  /// Whether it needs the fronts of the other stages.
  public var needsFronts: Bool { designs.isEmpty }

  /// How many are trained at the most.
  public var planned: Int { mostChosen }
}

/// How backbones learn to classify images, as on ImageNet, before detectors start from them.
public struct ClassificationPlan: Hashable, Sendable {
  /// A folder of images per class, or `train` and `val` with such folders.
  public var data: String?
  /// How each backbone is trained.
  public var recipe = RecipePreset.pretrain.recipe
  /// The size that images are brought to.
  public var input = ClassificationPlan.usualInput

  /// What the accuracies of the backbones are of, in a sentence without a full stop.
  package var note: String {
    "top-1 and top-5: of the validation images in \(data ?? "the folder of images"), at \(input), before a detector was trained"
  }

  static let usualInput: InputSize = {
    guard let size = try? InputSize(width: 224, height: 224) else {
      preconditionFailure("224x224 is an input size")
    }
    return size
  }()

  /// The defaults, without data.
  public init() {}
}

extension FinalPlan: Codable {
  /// Reads the section; checks every value.
  public init(from decoder: any Decoder) throws {
    self.init()
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}

extension ClassificationPlan: Codable {
  /// Reads the section; checks every value.
  public init(from decoder: any Decoder) throws {
    self.init()
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}

extension FinalPlan: SettingValue {
  package static var form: String { "object" }

  /// The keys of the section `final`.
  package static let settings = SettingsTable<FinalPlan> {
    $0.add(
      "count", \.count,
      "Members of the fronts that are trained in full, spread over them, where nothing else says which.",
      .between(1...1000))
    $0.addLatencies()
    $0.addTrials(\.trials, "Trials by number whose designs are trained in full.")
    $0.add(
      "designs", \.designs, "Designs that are trained in full.",
      .distinct("none twice", mayBeEmpty: true))
    $0.addObjectives(\.objectives, "What is compared.")
    $0.add("recipe", \.recipe, "How each is trained.")
    $0.optional(
      "classification", \.classification,
      "Where their backbones learn to classify images before they are trained to detect.",
      absent: "from scratch")
    $0.check(\.conflict)
    $0.check { section in
      section.classification == nil && section.recipe.pretrained == nil
        ? section.recipe.needOfWeights.map { "recipe: \($0), or give classification" } : nil
    }
    $0.check { section in
      section.classification != nil && section.recipe.pretrained != nil
        ? "classification and recipe.pretrained both say what backbones start from; keep one" : nil
    }
  }
}

extension ClassificationPlan: SettingValue {
  package static var form: String { "object" }

  /// The keys of the section `final.classification`.
  package static let settings = SettingsTable<ClassificationPlan> {
    $0.path(
      "data", \.data,
      "A folder of images per class, or train and val with such folders; relative to the plan's folder.",
      absent: "name the folder of the classification set", isRequired: true)
    $0.add("recipe", \.recipe, "How each backbone is trained.")
    $0.add("input", \.input, "The size that images are brought to.")
  }
}

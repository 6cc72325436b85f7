public import DetSearch
public import DetSpec
public import Foundation

/// All that a report shows, as a pure value: made from a run once, rendered as often as wanted.
public struct ReportModel: Codable, Sendable, Equatable {
  /// The version of this form.
  public static let currentVersion = 1

  /// See ``currentVersion``.
  public var version = ReportModel.currentVersion
  /// What the plan is called.
  public var name: String
  /// The run's folder, as the user named it.
  public var folder: String
  /// The plan as it was read, for the fold-out.
  public var plan: String
  /// Data, seed, budget and the like, in the order of the page.
  public var facts: [Fact]
  /// The metrics that searches compare, in the order of tables.
  public var metrics = Metric.allCases.map(MetricForm.init)
  /// The stages that were begun.
  public var stages: [Stage]
  /// What was trained in full, in the order of names.
  public var finals: [Final] = []
  /// The backbones of the finals as classifiers, where they learnt to classify before, and what the accuracies are of.
  public var backbones: Backbones?
  /// Every trial, by number.
  public var trials: [Entry]
  /// Whether a search is at work.
  public var isActive: Bool
  /// How far each stage is, in the plan's order.
  public var progress: [StageProgress] = []
  /// Trials an hour, by the last ten that ended; nil before the second has.
  public var trialsAnHour: Double?
  /// Whether the plan's own program trains, whose data no other reads.
  public var isForeign = false
  /// What was exported of trials and is still there, in the order of their numbers.
  public var exports: [Exported] = []
  /// Detections beside the truth.
  public var pictures: [Picture]
  /// Versions of everything and the machine.
  public var versions: [Fact]

  /// A line of a list of facts.
  public struct Fact: Codable, Sendable, Equatable {
    /// What it is about.
    public var label: String
    /// The fact.
    public var value: String

    /// Describes a fact.
    public init(_ label: String, _ value: String) {
      self.label = label
      self.value = value
    }
  }

  /// One stage with its fronts.
  public struct Stage: Codable, Sendable, Equatable {
    /// `structural` or `modular`.
    public var name: String
    /// The metrics that were improved, in the plan's order.
    public var objectives: [Metric]
    /// Its fronts: one of stage one, one of each pick in stage two.
    public var fronts: [FrontPart]
    /// How wide heads over regions are that do not say it; nil where it is not known.
    public var headWidth: Int?

    /// Describes a stage.
    public init(name: String, objectives: [Metric], fronts: [FrontPart]) {
      self.name = name
      self.objectives = objectives
      self.fronts = fronts
    }
  }

  /// One front of a stage.
  public struct FrontPart: Codable, Sendable, Equatable {
    /// Where it is found in the page: `structural`, `modular-C0`.
    public var id: String
    /// The pick around which its trials are, in stage two.
    public var pick: Choice?
    /// The trial of the pick itself, in stage two.
    public var baseline: Int?
    /// The trials that are compared: all finished ones of the stage, or of the pick.
    public var trials: [Int]
    /// The front, cheapest first.
    public var members: [Member]
    /// Trials that may belong to it as well, likeliest first; nil where there are none.
    public var contenders: [Member]?
    /// The share of the ideal hypervolume that was covered after each finished trial.
    public var hypervolume: [Progress]

    /// Describes a front.
    public init(
      id: String, pick: Choice? = nil, baseline: Int? = nil, trials: [Int], members: [Member],
      contenders: [Member]? = nil, hypervolume: [Progress]
    ) {
      self.id = id
      self.pick = pick
      self.baseline = baseline
      self.trials = trials
      self.members = members
      self.contenders = contenders
      self.hypervolume = hypervolume
    }
  }

  /// A trial on the front, or one that may belong to it.
  public struct Member: Codable, Sendable, Equatable {
    /// `C0`, … for a design that the stage handed on; else the trial's number.
    public var name: String
    /// The trial's number.
    public var trial: Int
    /// How likely no other trial is better; nil where the noise is not known.
    public var chance: Double?

    /// Names a trial.
    public init(_ name: String, trial: Int, chance: Double? = nil) {
      self.name = name
      self.trial = trial
      self.chance = chance
    }

    /// Whether the name is more than the trial's number.
    var isNamed: Bool { name != "\(trial)" }
  }

  /// A design that was trained in full, and what it came from.
  public struct Final: Codable, Sendable, Equatable {
    /// `E0`, `E1`, …
    public var name: String
    /// The trial that trains it; nil before it is begun.
    public var trial: Int?
    /// The design.
    public var design: DetectorDesign
    /// The trial that it was chosen from, and the trials of its pick in stage two and in stage one.
    public var found: Int?
    /// See ``found``.
    public var baseline: Int?
    /// See ``found``.
    public var picked: Int?
    /// The name of its pick.
    public var pick: String?
    /// Bytes that its layers read and write for one image.
    public var memoryAccessBytes: Int?
  }

  /// Backbones as classifiers.
  public struct Backbones: Codable, Sendable, Equatable {
    /// The table.
    public var table: BackboneTable
    /// What its accuracies are of.
    public var note: String
  }

  /// How far the search was after a finished trial.
  public struct Progress: Codable, Sendable, Equatable {
    /// Finished trials so far.
    public var finished: Int
    /// Seconds of trials so far, added up over all workers.
    public var seconds: Double
    /// Hypervolume of the front so far, 0 … 1.
    public var share: Double

    /// Describes how far a search was.
    public init(finished: Int, seconds: Double, share: Double) {
      self.finished = finished
      self.seconds = seconds
      self.share = share
    }
  }

  /// One detection picture.
  public struct Picture: Codable, Sendable, Equatable {
    /// The trial it belongs to.
    public var trial: Int
    /// What it shows.
    public var caption: String
    /// The file's bytes; none where the page asks for them.
    public var png: Data
    /// Where the page asks for them; nil where they travel in it.
    public var address: String?

    /// Describes a picture.
    public init(trial: Int, caption: String, png: Data) {
      self.trial = trial
      self.caption = caption
      self.png = png
    }
  }

  /// A detector that was exported.
  public struct Exported: Codable, Sendable, Equatable {
    /// The trial it belongs to.
    public var trial: Int
    /// The file, and how it was proven.
    public var record: ExportRecord
    /// Where the page finds it; nil where the page is not on the file's machine.
    public var address: String?

    /// Describes an export.
    public init(trial: Int, record: ExportRecord, address: String? = nil) {
      self.trial = trial
      self.record = record
      self.address = address
    }
  }

  /// A model made of its parts.
  public init(
    name: String, folder: String, plan: String, facts: [Fact], stages: [Stage], trials: [Entry],
    isActive: Bool = false, pictures: [Picture], versions: [Fact]
  ) {
    self.name = name
    self.folder = folder
    self.plan = plan
    self.facts = facts
    self.stages = stages
    self.trials = trials
    self.isActive = isActive
    self.pictures = pictures
    self.versions = versions
  }
}

package import DetSpec
package import Foundation

/// All that a report shows, as a pure value: made out of a run once, rendered as often as wanted.
package struct ReportModel: Codable, Sendable, Equatable {
  /// The version of this form.
  package static let currentVersion = 1

  /// See ``currentVersion``.
  package var version = ReportModel.currentVersion
  /// What the plan is called.
  package var name: String
  /// The run's folder, as the user named it.
  package var folder: String
  /// The plan as it was read, for the fold-out.
  package var plan: String
  /// Data, seed, budget and the like, in the order of the page.
  package var facts: [Fact]
  /// The metrics that searches compare, in the order of tables.
  package var metrics = Metric.allCases.map(MetricForm.init)
  /// The stages that were begun.
  package var stages: [Stage]
  /// Every trial, by number.
  package var trials: [Entry]
  /// Whether a search is at work.
  package var isActive: Bool
  /// Detections beside the truth.
  package var pictures: [Picture]
  /// Versions of everything and the machine.
  package var versions: [Fact]

  /// A line of a list of facts.
  package struct Fact: Codable, Sendable, Equatable {
    /// What it is about.
    package var label: String
    /// The fact.
    package var value: String

    /// States a fact.
    package init(_ label: String, _ value: String) {
      self.label = label
      self.value = value
    }
  }

  /// One stage with its front.
  package struct Stage: Codable, Sendable, Equatable {
    /// `structural` or `modular`.
    package var name: String
    /// The metrics that were improved, in the plan's order.
    package var objectives: [Metric]
    /// The front, cheapest first.
    package var front: [Member]
    /// The share of the possible that was covered after each finished trial.
    package var hypervolume: [Progress]

    /// States a stage.
    package init(name: String, objectives: [Metric], front: [Member], hypervolume: [Progress]) {
      self.name = name
      self.objectives = objectives
      self.front = front
      self.hypervolume = hypervolume
    }
  }

  /// A trial on the front.
  package struct Member: Codable, Sendable, Equatable {
    /// `C0`, `E3`, …
    package var name: String
    /// The trial's number.
    package var trial: Int

    /// Names a trial.
    package init(_ name: String, trial: Int) {
      self.name = name
      self.trial = trial
    }
  }

  /// How far the search was after a finished trial.
  package struct Progress: Codable, Sendable, Equatable {
    /// Finished trials of the stage so far.
    package var finished: Int
    /// Seconds of trials so far, added up over all workers.
    package var seconds: Double
    /// Hypervolume of the front so far, 0 … 1.
    package var share: Double

    /// States a progress.
    package init(finished: Int, seconds: Double, share: Double) {
      self.finished = finished
      self.seconds = seconds
      self.share = share
    }
  }

  /// One detection picture.
  package struct Picture: Codable, Sendable, Equatable {
    /// The trial it belongs to.
    package var trial: Int
    /// What it shows.
    package var caption: String
    /// The file's bytes.
    package var png: Data

    /// States a picture.
    package init(trial: Int, caption: String, png: Data) {
      self.trial = trial
      self.caption = caption
      self.png = png
    }
  }

  /// A model made of its parts.
  package init(
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

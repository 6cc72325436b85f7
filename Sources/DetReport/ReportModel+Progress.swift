import DetExecution
import DetSearch
import DetSpec

extension ReportModel {
  /// How far a stage is.
  public struct StageProgress: Codable, Sendable, Equatable {
    /// The stage.
    public var name: String
    /// Trials that it evaluates, as far as is known.
    public var planned: Int
    /// Trials that were evaluated.
    public var evaluated: Int
    /// Trials that were begun and have not ended.
    public var open: Int
    /// Seconds until it is over; nil before the first has ended.
    public var secondsLeft: Double?
  }

  /// How far a trial under way is.
  public struct Underway: Codable, Sendable, Equatable {
    /// The epoch that it is in, or the last that has ended.
    public var epoch: Int
    /// Epochs that it is going to train.
    public var epochs: Int
    /// How much of ``epoch`` is done, 0 … 1.
    public var share: Double
    /// Seconds of training still to come, by its worker's word.
    public var secondsLeft: Double?

    /// How much of the training is done, 0 … 1.
    var done: Double {
      epochs > 0 ? min(1, max(0, (Double(epoch - 1) + share) / Double(epochs))) : 0
    }
  }
}

extension ReportModel.StageProgress {
  init(_ stage: SearchStage, _ run: RunSnapshot) throws {
    let trials = run.trials.filter { $0.stage == stage }
    self.init(
      name: stage.rawValue, planned: try run.expectedTrials(of: stage),
      evaluated: trials.count { $0.outcome?.wasEvaluated == true },
      open: trials.count { $0.result == nil }, secondsLeft: try run.secondsLeft(of: stage))
  }
}

extension ReportModel.Final {
  init(_ row: FinalRow) {
    self.init(
      name: row.name, trial: row.trial, design: row.design, found: row.found?.trial,
      baseline: row.baseline?.trial, picked: row.picked?.trial, pick: row.pick,
      memoryAccessBytes: row.memoryAccessBytes)
  }
}

extension ReportModel {
  /// The trials that a search is working on.
  var underway: [Entry] { isActive ? trials.filter { $0.record.result == nil } : [] }

  /// The trials that were begun and left: no search is at work that would end them.
  var interrupted: [Entry] { isActive ? [] : trials.filter { $0.record.result == nil } }

  /// The stage that the search is in: the last that has trials.
  var currentProgress: StageProgress? {
    progress.last { $0.evaluated + $0.open > 0 }
  }
}

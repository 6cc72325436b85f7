import DetBasics
package import DetExecution
import DetSearch
import DetSpec
import Foundation

/// Reads a run into the page's model, once or again and again while a search is at work: of the events only those that are new.
///
/// Not for several threads at once.
package final class RunReader {
  /// How the page finds its pictures.
  package enum Pictures: Sendable {
    /// Their bytes travel in the page.
    case embedded
    /// The page asks for them; see ``RunReader/picture(_:)``.
    case addressed
  }

  /// The run.
  package let folder: RunFolder
  private let style: Pictures
  private var store: FileIdentity?
  private var lastEvent = 0
  private var reports: [Int: TrialReports] = [:]
  private var pictures = PictureShelf()

  /// Names a run's folder; nothing is read yet.
  package init(_ path: String, pictures: Pictures = .embedded) {
    folder = RunFolder(path)
    style = pictures
  }

  /// Reads the run as it is now.
  package func read() throws -> ReportModel {
    let run = try RunSnapshot(folder.path)
    let store = try Store(reading: folder.store)
    try takeReports(store)
    let stages = run.plan.stages.compactMap { ReportModel.stage($0, run) }
    // Designs that were trained by several seeds are judged by the means of all.
    let pooled = Dictionary(run.comparable.map { ($0.id, $0) }) { first, _ in first }
    var model = ReportModel(
      name: run.plan.name, folder: folder.path, plan: try JSON.text(run.plan, pretty: true),
      facts: try ReportModel.facts(run, reports) + ReportModel.latencyFacts(run), stages: stages,
      trials: try run.trials.map { try entry(pooled[$0.id] ?? $0, store, isActive: run.isActive) },
      isActive: run.isActive,
      pictures: try pictures.pictures(
        of: stages.flatMap(\.members).map(\.trial), in: folder, style),
      versions: try ReportModel.versions(folder))
    model.metrics = model.known.map(ReportModel.MetricForm.init)
    model.exports = run.trials.flatMap { exports(of: $0.id) }
    model.isForeign = run.plan.runner.command != nil
    model.progress = try run.plan.stages.map { try ReportModel.StageProgress($0, run) }
    model.trialsAnHour = try run.trialsAnHour()
    model.finals = try run.finals().map(ReportModel.Final.init)
    if let table = try run.backbones(), let plan = run.plan.final?.classification {
      model.backbones = ReportModel.Backbones(table: table, note: plan.note)
    }
    return model
  }

  /// Where a picture lies that the model of the last reading names by its address.
  package func picture(_ address: String) -> String? { pictures.paths[address] }

  /// What was exported of a trial. A page that is a file finds files, by the way from the run's folder where they lie in it.
  private func exports(of trial: Int) -> [ReportModel.Exported] {
    let run = FilePath.absolute(folder.path)
    return folder.trial(trial).exported.map { record in
      let isInside = record.file.hasPrefix(run + "/")
      let place = isInside ? FilePath.relative(record.file, from: run) : record.file
      let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: ":;"))
      let address = place.addingPercentEncoding(withAllowedCharacters: allowed)
      return ReportModel.Exported(
        trial: trial, record: record,
        address: style == .embedded ? address.map { isInside ? $0 : "file://" + $0 } : nil)
    }
  }

  private func takeReports(_ store: Store) throws {
    let identity = FileStatus(folder.store)?.identity
    if identity != self.store {
      (self.store, lastEvent, reports) = (identity, 0, [:])
    }
    for report in try store.reports(after: lastEvent) {
      reports[report.trial, default: TrialReports()].add(report.event)
      lastEvent = report.number
    }
  }

  private func entry(_ trial: Trial, _ store: Store, isActive: Bool) throws -> ReportModel.Entry {
    let report = reports[trial.id]
    var entry = ReportModel.Entry(
      trial,
      spreads: (report?.spreads ?? [:]).merging(ReportModel.Spread.ofResults(trial)) { $1 },
      curve: report?.curve ?? [])
    guard trial.result == nil, isActive, let start = report?.start else { return entry }
    let step = try store.lastStep(ofTrial: trial.id)
    let ended = entry.curve.last?.epoch ?? 0
    let isNewer = step.map { $0.epoch > ended } ?? false
    entry.underway = .init(
      epoch: isNewer ? step?.epoch ?? ended : ended, epochs: start.epochs,
      share: isNewer ? step.map { Double($0.step) / Double(max(1, $0.steps)) } ?? 1 : 1,
      secondsLeft: isNewer ? step?.metrics["secondsLeft"] : nil)
    return entry
  }
}

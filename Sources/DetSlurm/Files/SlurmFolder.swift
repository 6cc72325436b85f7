import DetBasics
package import DetExecution
import DetSpec
import Foundation

/// Where a run keeps what it and its jobs on a cluster tell each other: files that are renamed into place, and nothing else.
///
///     RUN/slurm/token             the run's own word, by which its jobs are known
///     RUN/slurm/lease             rewritten at every look: the search is alive
///     RUN/slurm/batch.sh          what every job runs
///     RUN/slurm/waves/000012/     one submission: table.json, a ticket per task, and job, its number at Slurm
///     RUN/slurm/nodes.json        what nodes have done
///     RUN/slurm/logs/             what jobs said
///     RUN/trials/000017/attempts/ what jobs did: a folder each
package struct SlurmFolder: Sendable, Hashable {
  /// The folder.
  package let path: String

  /// The folder of a run; nothing is made.
  package init(_ run: RunFolder) { path = FilePath.absolute(run.path) + "/slurm" }

  /// The folder in which a wave lies.
  init(ofWave path: String) {
    self.path = FilePath.folder(of: FilePath.folder(of: FilePath.absolute(path)))
  }

  var token: String { "\(path)/token" }
  var lease: String { "\(path)/lease" }
  var batch: String { "\(path)/batch.sh" }
  var nodes: String { "\(path)/nodes.json" }
  var logs: String { "\(path)/logs" }
  var waves: String { "\(path)/waves" }

  /// The folder of a wave.
  func wave(_ number: Int) -> WaveFolder {
    WaveFolder(path: "\(waves)/\("\(number)".paddedWithZeros(to: 6))", number: number)
  }

  /// The folder of a trial of the run.
  func trial(_ id: Int) -> TrialFolder {
    TrialFolder(trial: id, in: FilePath.folder(of: path) + "/trials")
  }

  /// All waves, the first first.
  func allWaves() -> [WaveFolder] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: waves)) ?? []
    return names.compactMap { Int($0) }.sorted().map(wave)
  }

  /// The run's own word; it is made when there is none. Jobs of an earlier run in the same place know another one.
  func makeToken() throws -> String {
    if let kept = keptToken() { return kept }
    let made = String(UUID().uuidString.lowercased().filter { $0 != "-" }.prefix(12))
    try AtomicFile.write(made + "\n", to: token)
    return made
  }

  /// The run's own word; nil where there is none.
  func keptToken() -> String? {
    guard let text = try? Files.text(token) else { return nil }
    let word = text.trimmed
    return word.isEmpty ? nil : String(word)
  }
}

/// The folder of one submission.
struct WaveFolder: Sendable, Hashable {
  let path: String
  let number: Int

  /// Which task of the array does which trial; renamed into place with the tickets, before the wave is submitted.
  var table: String { "\(path)/table.json" }
  /// The number that Slurm gave it.
  var job: String { "\(path)/job" }
  /// What a task is to do. Without its ticket a task does nothing.
  func ticket(_ index: Int) -> String { "\(path)/\(index).json" }

  /// The number of the job; nil as long as nobody noted it.
  func keptJob() -> Int? { (try? Files.text(job)).flatMap { Int($0.trimmed) } }
}

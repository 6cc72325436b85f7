import DetBasics
import DetSpec
import Foundation

/// One job's work on a trial, in a folder of its own: `trials/000017/attempts/2.1`, the second start of the second submission.
///
/// Two jobs may work on a trial at once, as when the link to a node was cut and the scheduler started the job again elsewhere. They
/// never share a file, and only the latest attempt counts.
struct Attempt: Hashable, Comparable, Sendable {
  let trial: TrialFolder
  let submission: Int
  /// How often the submission was started before.
  let start: Int

  var path: String { "\(trial.attempts)/\(submission).\(start)" }
  /// What the worker writes.
  var files: TrialFolder { TrialFolder(path) }
  /// Where and when it began.
  var beginning: String { "\(path)/attempt.json" }
  /// How it ended; renamed into place.
  var end: String { "\(path)/end.json" }

  static func < (left: Attempt, right: Attempt) -> Bool {
    (left.submission, left.start) < (right.submission, right.start)
  }

  /// All attempts at a trial, the first first.
  static func all(at trial: TrialFolder) -> [Attempt] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: trial.attempts)) ?? []
    return names.compactMap { name in
      let parts = name.split(separator: ".").map { Int($0) }
      guard parts.count == 2, let submission = parts[0], let start = parts[1] else { return nil }
      return Attempt(trial: trial, submission: submission, start: start)
    }.sorted()
  }

  /// The next attempt of a submission, which nobody else can have.
  static func claim(_ trial: TrialFolder, submission: Int) throws -> Attempt {
    try Files.makeFolder(trial.attempts)
    var start = 0
    while true {
      let attempt = Attempt(trial: trial, submission: submission, start: start)
      if mkdir(attempt.path, 0o755) == 0 { return attempt }
      guard errno == EEXIST else {
        throw FileError(path: attempt.path, action: "make the folder", errorNumber: errno)
      }
      start += 1
    }
  }

  /// The attempt that would follow in the same submission.
  var next: Attempt { Attempt(trial: trial, submission: submission, start: start + 1) }
  /// Whether somebody has begun it.
  var isBegun: Bool { FileStatus(path) != nil }

  /// How it ended; nil while it is at work, or when it ended without a word.
  func keptEnd() -> AttemptEnd? {
    guard FileStatus(end) != nil else { return nil }
    return try? JSON.decode(AttemptEnd.self, file: end)
  }

  /// Takes over what an earlier attempt left to go on from; whether there was a checkpoint.
  ///
  /// Checkpoints are never changed in place, so that a link is as good as a copy, and whoever wrote them may go on writing.
  func takeOver() throws -> Bool {
    let earlier = Self.all(at: trial).filter { $0 < self }.reversed().map(\.files) + [trial]
    if let source = earlier.first(where: { FileManager.default.fileExists(atPath: $0.log) }) {
      try? FileManager.default.copyItem(atPath: source.log, toPath: files.log)
    }
    let source = earlier.first { place in
      place.checkpoints.contains { FileManager.default.fileExists(atPath: $0) }
    }
    guard let source else { return false }
    for (from, to) in zip(source.checkpoints, files.checkpoints) {
      guard link(from, to) != 0, errno != ENOENT else { continue }
      try FileManager.default.copyItem(atPath: from, toPath: to)
    }
    if FileManager.default.fileExists(atPath: source.board) {
      try? FileManager.default.copyItem(atPath: source.board, toPath: files.board)
    }
    return true
  }

  /// Moves what it made to the trial's own folder; done again after a search died amid it, it moves the rest.
  func publish(_ job: TrialJob) throws {
    let own = [beginning, end, files.job].map(FilePath.name)
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
    for name in names where !own.contains(name) && !AtomicFile.isTemporary(name) {
      let target = "\(trial.path)/\(name)"
      if Files.isFolder(target) { try FileManager.default.removeItem(atPath: target) }
      guard rename("\(path)/\(name)", target) == 0 else {
        throw FileError(path: target, action: "move the file", errorNumber: errno)
      }
    }
    try AtomicFile.write(JSON.text(job, pretty: true) + "\n", to: trial.job)
  }

  /// Removes all attempts at a trial. One that is still at work without counting may leave something behind.
  static func forgetAll(of trial: TrialFolder) {
    try? FileManager.default.removeItem(atPath: trial.attempts)
  }
}

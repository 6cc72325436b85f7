import DetBasics
import DetSearch
import DetSpec
import Foundation

/// All waves of a run, as their folders say.
struct WaveLedger {
  /// A task of a wave.
  struct Place: Hashable, Sendable {
    let wave: WaveFolder
    let index: Int
    let submission: Int
  }

  private let folder: SlurmFolder
  /// The numbers at Slurm of the waves that are known to be submitted.
  private var jobs: [Int: Int] = [:]
  /// Waves of which it is not known whether they are submitted, with their tasks.
  private var unsure: [Int: WaveTable] = [:]
  /// The task with the latest ticket of each trial.
  private var places: [Int: Place] = [:]
  /// The latest submission of each trial, also of those whose tickets are gone.
  private var submissions: [Int: Int] = [:]
  private var lastWave = 0

  /// Reads what is there.
  init(_ folder: SlurmFolder) throws {
    self.folder = folder
    for wave in folder.allWaves() {
      lastWave = wave.number
      // A folder is renamed into place with its table.
      let table = try JSON.decode(WaveTable.self, file: wave.table)
      let job = wave.keptJob()
      jobs[wave.number] = job
      var isOpen = false
      for (index, task) in table.tasks.enumerated() {
        submissions[task.trial] = max(submissions[task.trial] ?? 0, task.submission)
        guard FileManager.default.fileExists(atPath: wave.ticket(index)) else { continue }
        isOpen = true
        places[task.trial] = Place(wave: wave, index: index, submission: task.submission)
      }
      if job == nil, isOpen { unsure[wave.number] = table }
    }
  }

  /// Where a trial is submitted whose result somebody still wants.
  func entry(of trial: Int) -> Place? { places[trial] }

  /// The scheduler's name of a work's task; nil as long as it has none.
  func task(of work: Work) -> TaskName? {
    guard let place = work.entry, let job = jobs[place.wave.number] else { return nil }
    return TaskName(job: job, index: place.index)
  }

  /// Whether it is not known yet if a work's wave was submitted.
  func isUnsure(_ work: Work) -> Bool { work.entry.map { unsure[$0.wave.number] != nil } ?? false }

  /// The number of a trial's next submission.
  func nextSubmission(of trial: Int) -> Int {
    let left = Attempt.all(at: folder.trial(trial)).last?.submission ?? 0
    return max(submissions[trial] ?? 0, left) + 1
  }

  /// Writes a wave down, whole, before it is submitted; gives where each ticket is.
  mutating func write(_ tickets: [Ticket]) throws -> (wave: WaveFolder, places: [Place]) {
    lastWave += 1
    let wave = folder.wave(lastWave)
    let temporary = WaveFolder(
      path: "\(folder.waves)/\(AtomicFile.temporaryName())", number: lastWave)
    try Files.makeFolder(temporary.path)
    // A ticket that went with a disk's machine is a task that ends without a word, and is submitted again.
    for (index, ticket) in tickets.enumerated() {
      try AtomicFile.write(JSON.text(ticket) + "\n", to: temporary.ticket(index), waits: false)
    }
    let table = WaveTable(
      tasks: tickets.map { .init(trial: $0.job.id, submission: $0.submission) })
    try AtomicFile.write(JSON.text(table) + "\n", to: temporary.table)
    guard rename(temporary.path, wave.path) == 0 else {
      throw FileError(path: wave.path, action: "rename the folder", errorNumber: errno)
    }
    unsure[wave.number] = table
    let written = tickets.enumerated().map {
      Place(wave: wave, index: $0, submission: $1.submission)
    }
    for (ticket, place) in zip(tickets, written) {
      submissions[ticket.job.id] = ticket.submission
      places[ticket.job.id] = place
    }
    return (wave, written)
  }

  /// Notes the number that Slurm gave a wave.
  mutating func note(_ job: Int, of wave: WaveFolder) throws {
    try AtomicFile.write("\(job)\n", to: wave.job)
    jobs[wave.number] = job
    unsure[wave.number] = nil
  }

  /// What a wave is submitted with, by which it is found again.
  static func comment(_ wave: WaveFolder, token: String) -> String {
    "smnas \(token) wave \(wave.number)"
  }

  /// Finds out which waves were submitted, of those that died, or got no answer, in between; `tasks` are all of the run's that the
  /// scheduler knows. Gives the trials of those that were not, whose tickets are withdrawn.
  mutating func resolve(_ tasks: [TaskName: SchedulerTask], token: String) throws -> [Int] {
    guard !unsure.isEmpty else { return [] }
    let jobs = Dictionary(tasks.values.map { ($0.comment, $0.name.job) }) { first, _ in first }
    var open: [Int] = []
    for (number, table) in unsure.sorted(by: { $0.key < $1.key }) {
      let wave = folder.wave(number)
      if let job = jobs[Self.comment(wave, token: token)] {
        try note(job, of: wave)
        continue
      }
      unsure[number] = nil
      for (index, task) in table.tasks.enumerated() where places[task.trial]?.wave == wave {
        // It was submitted, is over, and the scheduler has forgotten it.
        let first = Attempt(trial: folder.trial(task.trial), submission: task.submission, start: 0)
        if first.isBegun { continue }
        unlink(wave.ticket(index))
        places[task.trial] = nil
        open.append(task.trial)
      }
    }
    return open
  }

  /// Withdraws the ticket of a trial: whatever job still holds it does not count.
  mutating func withdraw(_ trial: Int) {
    guard let place = places.removeValue(forKey: trial) else { return }
    unlink(place.wave.ticket(place.index))
  }
}

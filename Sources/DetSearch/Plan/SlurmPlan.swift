package import DetBasics

/// How trials run as jobs of a cluster that Slurm manages.
///
/// Every trial is a task of a job array; the search submits as many as may be at work at a time.
public struct SlurmPlan: Hashable, Sendable {
  /// What `sbatch` is told for every trial: partition, account, time limit, graphics cards.
  public var options: [String] = []
  /// Trials that are submitted at a time.
  public var tasks = 16
  /// Processes that train one trial together, started by `srun`.
  public var processes = 1
  /// Seconds between two looks at the cluster.
  public var pollSeconds = 10.0
  /// Seconds before a job's time limit at which its training is asked for a checkpoint.
  public var warningSeconds = 120
  /// Minutes after which jobs end by themselves when the search that submitted them has died.
  public var orphanMinutes = 60.0
  /// Lines of shell that a job begins with: modules, variables, scratch folders.
  public var setup: [String] = []
  /// Words before the program on a node, such as a container's.
  public var launch: [String] = []
  /// The path of `smnas` on the nodes; nil: as where the search runs.
  public var program: String?
  /// Nodes that no trial is given to.
  public var exclude: [String] = []
  /// Where latencies are measured; nil leaves them to the workers.
  public var measurement: SlurmMeasurementPlan?
  /// A folder of the search's own disk for the store, where the run's folder lies on a network's; nil keeps it in the run's folder.
  public var store: String?

  /// The defaults.
  public init() {}

  /// The graphics cards of a trial's job, as its options ask for them; 0 where they ask for none.
  public var cards: Int {
    let perTask = count(of: "--gpus-per-task").map { $0 * processes }
    let nodes = options.indices.compactMap {
      value(of: "--nodes", at: $0) ?? value(of: "-N", at: $0)
    }
    let perNode = count(of: "--gres") ?? count(of: "--gpus-per-node")
    return count(of: "--gpus") ?? count(of: "-G") ?? perTask
      ?? perNode.map { $0 * (nodes.last.flatMap { Int($0) } ?? 1) } ?? 0
  }

  /// What the last option of a name says: `gpu:a100:2`, `a100:2`, `2`, or `gpu`, which is one.
  private func count(of name: String) -> Int? {
    guard let text = options.indices.reversed().lazy.compactMap({ value(of: name, at: $0) }).first
    else { return nil }
    let counts = text.split(separator: ",").compactMap { entry -> Int? in
      let parts = entry.split(separator: ":")
      if name == "--gres", parts.first != "gpu" { return nil }
      return parts.last.flatMap { Int($0) } ?? 1
    }
    return counts.isEmpty ? nil : counts.reduce(0, +)
  }

  private func value(of name: String, at index: Int) -> Substring? {
    let word = options[index]
    if word == name { return index + 1 < options.count ? options[index + 1][...] : nil }
    return word.hasPrefix(name + "=") ? word.dropFirst(name.count + 1) : nil
  }
}

/// Where a cluster's latencies are measured: in short jobs that have a node to themselves.
public struct SlurmMeasurementPlan: Hashable, Sendable {
  /// The nodes; each measures one detector at a time.
  public var nodes: [String] = []
  /// What `srun` is told beside: partition, account, graphics card.
  public var options: [String] = []

  /// The defaults, without a node.
  public init() {}
}

extension SlurmPlan: Codable {
  /// Reads the section; checks every value.
  public init(from decoder: any Decoder) throws {
    self.init()
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}

extension SlurmMeasurementPlan: Codable {
  /// Reads the section; checks every value.
  public init(from decoder: any Decoder) throws {
    self.init()
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}

extension SlurmPlan: SettingValue {
  package static var form: String { "object" }

  /// The most trials that are submitted at a time.
  static let mostTasks = 4096

  /// The keys of the section `runner.slurm`.
  package static let settings = SettingsTable<SlurmPlan> {
    $0.add(
      "options", \.options,
      "What sbatch is told for every trial: partition, account, time limit, graphics cards.",
      .options(
        such: "--partition=gpu",
        own: [
          "--array", "-a", "--comment", "--job-name", "-J", "--signal", "--output", "-o",
          "--error", "-e", "--requeue", "--no-requeue", "--open-mode", "--parsable", "--wrap",
          "--wait", "-W", "--test-only", "--ntasks", "-n",
        ]))
    $0.add(
      "tasks", \.tasks, "Trials that are submitted at a time; it takes the place of workers.",
      .between(1...mostTasks))
    $0.add(
      "processes", \.processes,
      "Processes that train one trial together, started by srun; on processors only (Docs/TEAMS.md).",
      .between(1...4096))
    $0.add(
      "pollSeconds", \.pollSeconds, "Seconds between two looks at the cluster.",
      .between(0.05...3600))
    $0.add(
      "warningSeconds", \.warningSeconds,
      "Seconds before a job's time limit at which its training is asked for a checkpoint, to go on in another job.",
      .between(1...65535))
    $0.add(
      "orphanMinutes", \.orphanMinutes,
      "Minutes after which jobs end by themselves, with a checkpoint, when the search that submitted them has died.",
      .between(0.01...1e5))
    $0.add(
      "setup", \.setup,
      "Lines of shell (bash) that a job begins with: modules, variables, scratch folders.", .words)
    $0.add(
      "launch", \.launch,
      "Words before the program on a node, such as [\"apptainer\", \"exec\", \"--nv\", \"smnas.sif\"].",
      .words)
    $0.optional(
      "program", \.program, "The path of smnas on the nodes.",
      SettingRule("a path", holds: { path, _ in !path.isEmpty }),
      absent: "as where the search runs")
    $0.add("exclude", \.exclude, "Nodes that no trial is given to.", .nodes(mayBeEmpty: true))
    $0.optional(
      "measurement", \.measurement,
      "Where latencies are measured: in short jobs that have a node to themselves.",
      absent: "the workers measure, each on its own node")
    $0.optional(
      "store", \.store,
      "A folder on the disk of the machine that searches, for the store of the trials, where the run's folder lies on a network's.",
      SettingRule("a path that begins with /", holds: { path, _ in path.hasPrefix("/") }),
      absent: "the run's folder")
  }
}

extension SlurmMeasurementPlan: SettingValue {
  package static var form: String { "object" }

  /// The keys of the section `runner.slurm.measurement`.
  package static let settings = SettingsTable<SlurmMeasurementPlan> {
    $0.required(
      "nodes", \.nodes,
      "The nodes, all of one kind; each measures one detector at a time.", .nodes(mayBeEmpty: false)
    )
    $0.add(
      "options", \.options, "What srun is told beside: partition, account, graphics card.",
      .options(
        such: "--partition=gpu",
        own: [
          "--nodelist", "-w", "--nodes", "-N", "--ntasks", "-n", "--exclusive", "--output", "-o",
          "--label", "-l", "--job-name", "-J", "--multi-prog",
        ]))
  }
}

extension SettingRule where Value == [String] {
  /// Options of a command of Slurm's, but for those that the search gives itself.
  fileprivate static func options(such example: String, own: [String]) -> Self {
    SettingRule(
      "such as [\"\(example)\"]",
      problem: { words, _ in
        if let first = words.first, !first.hasPrefix("-") {
          return "begins with \"\(first)\"; use options such as [\"\(example)\"]"
        }
        for word in words {
          if word.isEmpty || word.contains(where: \.isNewline) {
            return
              "has an empty word, or one of several lines; use options such as [\"\(example)\"]"
          }
          let name = word.prefix { $0 != "=" }
          if own.contains(String(name)) {
            return "has \(name), which the search gives itself; leave it out"
          }
        }
        return nil
      })
  }

  /// Any words of one line each.
  fileprivate static var words: Self {
    SettingRule(
      "",
      problem: { words, _ in
        words.contains { $0.isEmpty || $0.contains(where: \.isNewline) || $0.contains("\0") }
          ? "has an empty entry, or one of several lines; give each line an entry of its own" : nil
      })
  }

  /// Names of nodes, each by itself.
  fileprivate static func nodes(mayBeEmpty: Bool) -> Self {
    .distinct(
      "names such as \"node7\", none twice", mayBeEmpty: mayBeEmpty,
      each: { name in
        !name.isEmpty
          && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
      })
  }
}

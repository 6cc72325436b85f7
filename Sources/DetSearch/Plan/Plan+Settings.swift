package import DetBasics
import DetSpec

extension Plan {
  /// The keys of a plan.
  package static let settings = SettingsTable<Plan> {
    $0.version(currentVersion)
    $0.add(
      "name", \.name, "What the search is called.",
      SettingRule(
        "such as \"trees\"",
        problem: { name, _ in
          name.isEmpty ? "is empty; use a word such as \"trees\"" : nil
        }))
    $0.add(
      "faithful", \.faithful,
      "Whether the search is exactly the paper's: it goes before what searcher, pruning, pruningMargin, earlyStopping, reseedShare, baseline, latency.measuresFront and cache say."
    )
    $0.add(
      "seed", \.seed, "The seed of every decision and of every trial.",
      // Other programs keep JSON's numbers as doubles; a larger seed would come back as another one.
      SettingRule("a whole number below 2^53, 9007199254740992") { seed, _ in seed < 1 << 53 })
    $0.required(
      "data", \.data, "The data sets: \"train\" and \"validation\", each a data source.",
      SettingRule(
        "with \"train\" and \"validation\"",
        problem: { data, _ in
          ["train", "validation"].first { data[$0] == nil }.map {
            "has no \"\($0)\"; give it \"train\" and \"validation\", each with its format and paths"
          }
        }))
    $0.optional(
      "structural", \.structural, "Stage one: which parts to combine.", absent: "left out")
    $0.optional(
      "modular", \.modular, "Stage two: what is inside the parts that stage one picked.",
      absent: "left out")
    $0.optional(
      "final", \.final, "Full trainings of designs that the stages found.", absent: "left out")
    $0.add("runner", \.runner, "What trials run on.")
    $0.add("latency", \.latency, "How latencies are taken.")
    $0.add(
      "cache", \.cache,
      "Whether results that other runs on this machine have paid for are taken instead of training again, and those of this run are kept for them. Latencies are never taken."
    )
    $0.check { plan in
      plan.stages.isEmpty
        ? "structural, modular and final are missing; describe at least one stage" : nil
    }
    $0.check { plan in
      plan.structural == nil && plan.modular?.designs.isEmpty == true
        ? "modular has nothing to start from; add a structural stage, or a list of \"designs\" to modular"
        : nil
    }
    $0.check { plan in
      plan.needsMeasurementNodes
        ? "latency is an objective, but runner.slurm.measurement names no nodes on which it can be compared; give it {\"nodes\": [...]}, or latency.command, or leave latency out of the objectives"
        : nil
    }
    $0.check { plan in plan.problemWithDevices }
    $0.check { plan in plan.problemWithHeads }
    $0.check { plan in
      plan.stages == [.final] && plan.final?.needsFronts == true
        ? "final has no front to choose from; add a stage, or a list of \"designs\" to final" : nil
    }
  }
}

extension RunnerPlan: SettingValue {
  package static var form: String { "object" }

  /// The keys of the section `runner`.
  package static let settings = SettingsTable<RunnerPlan> {
    $0.add("workers", \.workers, "Trials at the same time.", .between(1...1024))
    $0.add(
      "timeoutSeconds", \.timeoutSeconds,
      "Seconds after which a trial is stopped and counts as timed out.", .between(0.001...1e8))
    $0.add(
      "graceSeconds", \.graceSeconds,
      "Seconds between asking a worker to stop and making it stop.", .between(0...3600))
    $0.optional(
      "command", \.command,
      "A program that speaks the trial protocol, with its arguments; the job file's path is added as the last one.",
      .command, absent: "this program's own worker", writesNull: true)
    $0.add(
      "device", \.devices, as: devices,
      "What trials compute on: \"cpu\", \"cuda:0\", …; several are given to the workers in turn.",
      .distinct())
    $0.optional(
      "threads", \.threads, "Threads of each worker.",
      SettingRule("1 to 4096, or null") { count, _ in (1...4096).contains(count) },
      absent: "the machine's cores divided among the workers, or 1 in jobs of a cluster",
      writesNull: true)
    $0.optional(
      "memoryLimitMebibytes", \.memoryLimitMebibytes,
      "Memory that a worker may hold before it is stopped as out of memory.",
      SettingRule("1 or more, or null") { limit, _ in (1...1 << 30).contains(limit) },
      absent: "no limit", writesNull: true)
    $0.optional(
      "cacheKey", \.cacheKey,
      "A word for what \"command\" trains, and on what data, by which its results are known again in other runs; to be changed when they are.",
      SettingRule(
        "such as \"torch-2 trees\"",
        problem: { word, _ in
          word.isEmpty || word == TrainingVersion.trainer
            ? "is \"\(word)\"; use a word such as \"torch-2 trees\"" : nil
        }),
      absent: "results of \"command\" are not known again", writesNull: true)
    $0.optional(
      "slurm", \.slurm, "How trials run as jobs of a cluster (Docs/SLURM.md).",
      absent: "they are processes of this machine")
    $0.check { runner in
      runner.slurm != nil && runner.devices.count > 1
        ? "runner.device names several devices, but a job of the cluster has those that Slurm gives it; name one, such as \"cuda:0\""
        : nil
    }
    $0.check { runner in
      runner.slurm?.measurement != nil && runner.command != nil
        ? "runner.slurm.measurement times this program's detectors, but runner.command names another program; leave one of them out"
        : nil
    }
  }

  private static let devices = SettingForm<[String], OneOrMore>(
    write: { $0.count == 1 ? .one($0[0]) : .more($0) },
    read: { written in
      switch written {
      case .one(let device): .value([device])
      case .more(let devices): .value(devices)
      }
    })
}

extension SettingRule where Value == [String] {
  /// A program with its arguments.
  static var command: Self {
    SettingRule(
      "such as [\"python3\", \"worker.py\"], or null",
      problem: { command, _ in
        command.first?.isEmpty ?? true
          ? "names no program; use a list such as [\"python3\", \"worker.py\"], or null" : nil
      })
  }
}

/// A text, or a list of texts.
private enum OneOrMore: SettingValue {
  case one(String)
  case more([String])

  static var form: String { "text, or list of texts" }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self = .one(text)
    } else {
      self = .more(try container.decode([String].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .one(let text): try container.encode(text)
    case .more(let texts): try container.encode(texts)
    }
  }
}

extension TeamPlace {
  /// The place that torchrun or a step of Slurm gives this process by its variables; nil when it is alone.
  ///
  /// torchrun: `RANK`, `WORLD_SIZE`, `MASTER_ADDR`, `MASTER_PORT`, `LOCAL_RANK`. A launcher that keeps a store of its own at
  /// `MASTER_PORT` says so in `TORCHELASTIC_USE_AGENT_STORE`; the team then meets at the next port.
  /// Slurm: `SLURM_PROCID`, `SLURM_STEP_NUM_TASKS`, `SLURM_STEP_NODELIST`, `SLURM_LOCALID`, of a step that `srun` started.
  /// Inside `sbatch` alone there is no step, and a program there is alone whatever `SLURM_NTASKS` says. `MASTER_ADDR` and
  /// `MASTER_PORT` are taken where they are set; else rank 0 is on the step's first machine, at a port that follows from the
  /// job's number.
  ///
  /// - Throws: ``TeamError/variable(_:problem:)``.
  public init?(environment: [String: String]) throws {
    let variables = Variables(environment)
    if environment["RANK"] != nil || environment["WORLD_SIZE"] != nil {
      try self.init(torchrun: variables)
    } else if environment["SLURM_PROCID"] != nil, environment["SLURM_STEP_NUM_TASKS"] != nil {
      try self.init(slurm: variables)
    } else {
      return nil
    }
    if count == 1 { return nil }
  }

  private init(torchrun variables: Variables) throws {
    let count = try variables.number("WORLD_SIZE", in: 1...4096)
    let rank = try variables.number("RANK", in: 0...count - 1)
    let isTaken = variables.text("TORCHELASTIC_USE_AGENT_STORE") == "True"
    let port = count == 1 ? 0 : try variables.number("MASTER_PORT", in: 1...65534)
    self.init(
      rank: rank, count: count, address: count == 1 ? "" : try variables.needed("MASTER_ADDR"),
      port: isTaken ? port + 1 : port,
      localRank: try variables.number("LOCAL_RANK", in: 0...rank, default: rank),
      run: variables.text("TORCHELASTIC_RUN_ID") ?? "")
  }

  private init(slurm variables: Variables) throws {
    let count = try variables.number("SLURM_STEP_NUM_TASKS", in: 1...4096)
    let rank = try variables.number("SLURM_PROCID", in: 0...count - 1)
    let job = try variables.number("SLURM_JOB_ID", in: 0...Int(UInt32.max), default: 0)
    let step = try variables.number("SLURM_STEP_ID", in: 0...Int(UInt32.max), default: 0)
    let first = 20_000
    let address = try variables.text("MASTER_ADDR") ?? Self.firstHost(variables)
    self.init(
      rank: rank, count: count, address: address,
      port: try variables.number(
        "MASTER_PORT", in: 1...65535, default: first + (job * 8 + step) % 12_000),
      localRank: try variables.number("SLURM_LOCALID", in: 0...rank, default: rank),
      run: "\(job).\(step)")
  }

  private static func firstHost(_ variables: Variables) throws -> String {
    let list = try variables.needed("SLURM_STEP_NODELIST")
    guard let host = HostList.first(of: list) else {
      throw TeamError.variable(
        "SLURM_STEP_NODELIST",
        problem: "is \"\(list)\", which names no machine; set MASTER_ADDR to the machine of rank 0")
    }
    return host
  }
}

/// The variables of a process, read with words for what is wrong.
private struct Variables {
  private let all: [String: String]

  init(_ all: [String: String]) { self.all = all }

  func text(_ name: String) -> String? { all[name].flatMap { $0.isEmpty ? nil : $0 } }

  func needed(_ name: String) throws -> String {
    guard let text = text(name) else {
      throw TeamError.variable(
        name, problem: "is missing; the launcher of the team (torchrun, srun) sets it")
    }
    return text
  }

  func number(_ name: String, in range: ClosedRange<Int>, default: Int? = nil) throws -> Int {
    if let `default`, text(name) == nil { return `default` }
    let text = try needed(name)
    guard let number = Int(text), range.contains(number) else {
      throw TeamError.variable(
        name,
        problem:
          "is \"\(text)\"; it should be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}

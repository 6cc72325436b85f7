import DetBasics
import Foundation

/// The second program, `smnas-torch`: what computes with tensors, so that everything else starts without libtorch.
///
/// Users never name it. The first program becomes it for the verbs of ``TorchVerb``, starts it as the worker of a search,
/// and asks it what only libtorch knows.
package struct TorchProgram: Sendable {
  /// The file's name.
  package static let name = "smnas-torch"
  /// The variable in which the first program says its version, so that a second one of another build shows.
  package static let versionVariable = "SMNAS_VERSION"

  /// Where it is expected.
  package let path: String

  /// The second program beside the first; `executable` is the first one's path, free of links.
  package init(beside executable: String) {
    let folder = URL(fileURLWithPath: executable).deletingLastPathComponent()
    path = folder.appendingPathComponent(Self.name).path
  }

  /// Fails with the cure when it is not there.
  package func check() throws {
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw FileError(
        path: path,
        problem: "is missing; \(Program.name) needs it for whatever computes with tensors",
        cure: "build both with make build, or put it beside \(Program.name)")
    }
  }

  /// The command that carries out one trial; the job file's path follows.
  ///
  /// Marks this process's environment with the version, which workers inherit.
  package func worker() throws -> [String] { try command(.trial) }

  /// The command that times trained detectors; the job file's path follows.
  package func stopwatch() throws -> [String] { try command(.measurement) }

  /// The command that trains backbones to tell images apart; its words follow.
  package func pretraining() throws -> [String] { try command(.pretrain) }

  private func command(_ verb: TorchVerb) throws -> [String] {
    try prepare(for: verb)
    return [path, verb.rawValue]
  }

  /// Makes sure that it is there, and of this version, and sets what it is to find in its surroundings.
  private func prepare(for verb: TorchVerb) throws {
    try check()
    setenv(Self.versionVariable, Program.version, 1)
    // A thread of OpenMP's that waits for the next part of the work keeps its core busy, by default for longer than the parts of small
    // nets take: where others want the core that costs half of the speed, and no speed is gained by it where nobody does.
    if getenv("OMP_WAIT_POLICY") == nil { setenv("GOMP_SPINCOUNT", "\(verb.spinCount)", 0) }
  }

  /// What libtorch finds on this machine.
  package func devices() throws -> DeviceReport { try report([]) }

  /// Multiply-accumulates a second of a matrix product on so many threads of the processor.
  package func productRate(threads: Int) throws -> Double {
    try report(["--speed", "--threads", "\(threads)"]).productRate ?? 0
  }

  private func report(_ options: [String]) throws -> DeviceReport {
    let text = try ProgramOutput.of(try command(.devices) + ["--json"] + options)
    return try JSON.decode(DeviceReport.self, from: text, source: path)
  }

  /// Becomes the second program: same process, same streams, same signals and exit code. Returns only by throwing.
  func replaceThisProcess(_ arguments: [String]) throws -> ExitCode {
    try prepare(for: arguments.first.flatMap(TorchVerb.init) ?? .train)
    var words = ([path] + arguments).map { strdup($0) }
    words.append(nil)
    execv(path, words)
    let number = errno
    for word in words { free(word) }
    throw FileError(path: path, action: "start it", errorNumber: number)
  }
}

extension TorchVerb {
  /// How often a thread looks for work before it sleeps.
  ///
  /// A sixth of libgomp's own number in training (`Benchmarks/training`, `ways.py waiting`). Single images hand out many small parts of work,
  /// and where another program has one of the cores every one of them waits as long as this: a detection that takes 5 ms took 190. With
  /// fewer looks it takes 16, and 6 where nobody disturbs (`spinning.py`). Latencies keep the number of training: they are of calm machines.
  fileprivate var spinCount: Int {
    switch self {
    case .detect, .export: 1000
    case .train, .pretrain, .trial, .measurement, .profile, .weights, .devices: 50_000
    }
  }
}

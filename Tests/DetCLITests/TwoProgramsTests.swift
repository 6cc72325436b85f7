import CommandTestSupport
import DetBasics
import DetCommand
import Foundation
import Testing

@testable import DetCLI

/// The first program as a process: what it loads, how it becomes the second, and what it says when that is not there.
struct TwoProgramsTests {
  private let program: BuiltProgram

  init() throws { program = try BuiltProgram() }

  /// Linux's `F_SETPIPE_SZ`, which Swift does not import.
  private static let setPipeSize: Int32 = 1024 + 7

  /// What the kernel knows of a process that waits for a reader of its output.
  private func started(_ words: String...) throws -> (maps: String, peakMegabytes: Int) {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let room = fcntl(ends[1], Self.setPipeSize, 4096)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: BuiltProgram.path)
    process.arguments = words
    process.standardOutput = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    try process.run()
    var waiting: Int32 = 0
    while process.isRunning, ioctl(ends[0], UInt(FIONREAD), &waiting) == 0, waiting < room {
      usleep(1000)
    }
    try #require(process.isRunning, "its output did not fill the pipe")
    let folder = "/proc/\(process.processIdentifier)"
    let maps = try Files.text("\(folder)/maps")
    let status = try Files.text("\(folder)/status").split(separator: "\n")
    // Nobody reads its output, and a polite signal may be blocked by the thread that it was started from.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let peak = try #require(status.first { $0.hasPrefix("VmHWM:") }?.split(separator: " "))
    return (maps, (Int(peak[peak.count - 2]) ?? 0) / 1024)
  }

  @Test func theFirstProgramLoadsNoLibtorchAndLittleElse() throws {
    let (maps, megabytes) = try started("designs", "--json")
    #expect(maps.contains("/smnas"))
    for library in ["libtorch", "libc10", "libgomp"] { #expect(!maps.contains(library)) }
    #expect(megabytes < 32, "it held \(megabytes) MB")
  }

  @Test func aVerbOfTheSecondProgramIsCarriedOutByIt() throws {
    let words = ["devices", "--json"]
    let answer = try program.run(words[0], words[1])
    #expect(answer.status == 0, "\(answer.log)")
    let report = try JSON.decode(DeviceReport.self, from: answer.output, source: "devices")
    #expect(report.devices.first == "cpu" && report.productRate == nil)
    let usage = try program.run("help", "train")
    #expect(usage.status == 0 && usage.output.hasPrefix("usage: smnas train DESIGN"))
    let wrong = try program.run("profile", "E9")
    #expect(wrong.status == 64 && wrong.log.contains("smnas profile: DESIGN is \"E9\""))
  }

  @Test func throughALinkTheSecondProgramIsStillFound() throws {
    let link = "\(program.folder)/link"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: BuiltProgram.path)
    #expect(try program.run("devices", through: link).status == 0)
  }

  @Test func withoutTheSecondProgramTheFirstSaysWhereItShouldBe() throws {
    let alone = "\(program.folder)/smnas"
    try FileManager.default.copyItem(atPath: BuiltProgram.path, toPath: alone)
    let answer = try program.run("devices", through: alone)
    #expect(answer.status == 1)
    #expect(
      answer.log == """
        smnas: \(program.folder)/smnas-torch: is missing; smnas needs it for whatever computes with tensors; build both with \
        make build, or put it beside smnas

        """)
    #expect(try program.run("designs", through: alone).status == 0)
    let doctor = try program.run("doctor", through: alone)
    #expect(
      doctor.status == 1 && doctor.output.hasPrefix("no libtorch: nothing can be trained here"))
  }

  @Test func aSignalReachesTheSecondProgram() throws {
    let plan = try program.write(
      "plan.json",
      """
      { "data": {
          "train": { "format": "shapes", "count": 16, "size": "64x64", "seed": 1 },
          "validation": { "format": "shapes", "count": 4, "size": "64x64", "seed": 2 } },
        "structural": { "recipe": { "extends": "small", "epochs": 5000, "batch": 4 } } }
      """)
    let design = "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"
    let folder = "\(program.folder)/mine"
    let training = try program.start(
      [
        "train", design, "--plan", plan, "--recipe", "plan", "--output", folder, "--threads", "1",
      ])
    while training.isRunning {
      if let text = try? Files.text("\(folder)/events.jsonl"), text.contains("epoch") { break }
      usleep(2000)
    }
    kill(training.processIdentifier, SIGINT)
    training.waitUntilExit()
    #expect(training.terminationReason == .exit)
    #expect(training.terminationStatus == ExitCode.interrupted.rawValue)
    let log = try Files.text("\(program.folder)/call.log")
    #expect(log.contains("recipe: that of the plan's structural stage, 5000 epochs"))
    #expect(log.contains("interrupted; continue with --resume"))
    let job = try JSON.decode(JSONValue.self, file: "\(folder)/job.json")
    #expect(job["stage"] == nil)
  }
}

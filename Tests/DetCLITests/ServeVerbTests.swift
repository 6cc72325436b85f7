import CommandTestSupport
import DetBasics
import DetCommand
import Foundation
import Testing

@testable import DetCLI

/// `smnas serve` as a process: it serves until it is told to end, and says what is wrong with its words.
@Suite(.serialized) struct ServeVerbTests {
  private let program: BuiltProgram
  private var run: String { "\(program.folder)/run" }

  init() throws {
    program = try BuiltProgram()
    let worker = try program.write(
      "worker.sh", #"echo '{"event":"finished","metrics":{"AP":0.5,"latency":3}}'"# + "\n")
    let plan = try program.write(
      "plan.json",
      """
      { "name": "fake", "data": { "train": {}, "validation": {} },
        "structural": { "trials": 1, "initial": 1, "space": {
          "inputs": ["128x128"], "backbones": ["resnet18 16"], "necks": ["none"], "proposals": ["rpn"], "heads": ["rcnn"] } },
        "runner": { "command": ["/bin/sh", "\(worker)"], "timeoutSeconds": 20 } }
      """)
    let began = try program.run("search", plan, "--run", run)
    #expect(began.status == 0, "\(began.log)")
    setenv("SMNAS_PLOTLY", try program.write("plotly.js", "//"), 1)
  }

  private struct Said {
    let status: Int32
    let output: String
    let log: String
  }

  /// What a server says that is ended as soon as it serves; its status is that of one that ended by itself.
  private func serve(_ words: [String]) throws -> Said {
    let process = try program.start(["serve"] + words)
    let end = Date(timeIntervalSinceNow: 60)
    while process.isRunning, Date() < end {
      if try Files.text("\(program.folder)/call.log").contains("serving until Ctrl-C") {
        kill(process.processIdentifier, SIGINT)
        break
      }
      usleep(20_000)
    }
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    return Said(
      status: process.terminationStatus, output: try Files.text("\(program.folder)/call.out"),
      log: try Files.text("\(program.folder)/call.log"))
  }

  @Test func itServesUntilItIsTold() throws {
    let answer = try serve([run, "--json"])
    #expect(answer.status == 0)
    struct Address: Decodable {
      let version: Int
      let address: String
      let port: Int
      let token: String?
    }
    let said = try JSON.decode(Address.self, from: answer.output, source: "serve")
    #expect(said.address == "http://127.0.0.1:\(said.port)/?token=\(said.token ?? "")")
    let plain = try serve([run, "--no-token"])
    #expect(plain.status == 0 && !plain.output.contains("token"))
  }

  @Test(arguments: [
    (["--json"], 64, "DIR"), (["RUN", "--port", "65536"], 64, "a port from 0"),
    (["RUN", "--port", "x"], 64, "a port from 0"),
    (["RUN", "--host", "a b"], 64, "a name or address"),
    (["RUN", "--address", "nowhere"], 1, "cannot listen on nowhere"),
    (["RUN", "--address", "203.0.113.7"], 1, "cannot listen on 203.0.113.7"),
    (["/nowhere"], 1, "holds no run"), (["RUN", "/dev/null"], 1, "holds no run"),
    (["RUN", ""], 64, "not empty"), (["RUN", "RUN", "--address", "::1"], 0, "serving"),
  ])
  func wrongWordsAreNamed(words: [String], status: Int32, message: String) throws {
    let answer = try serve(words.map { $0 == "RUN" ? run : $0 })
    #expect(answer.status == status && answer.log.contains(message), "\(answer.log)")
  }

  @Test func aTokenThatAnybodyGuessesIsRefused() throws {
    setenv(ServeVerb.tokenVariable, "short", 1)
    defer { unsetenv(ServeVerb.tokenVariable) }
    let answer = try serve([run])
    #expect(answer.status == 1 && answer.log.contains("SMNAS_SERVE_TOKEN is no token"))
  }
}

import DetBasics
import DetExecution
import DetSearch
import Foundation
import TestSupport
import Testing

/// The worker in Python that strangers start from (`Examples/foreign-worker`).
@Suite struct ForeignWorkerTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private static let folder = Checkout.folder("Examples/foreign-worker")

  @Test func aSearchThatAForeignProgramTrainsForFinishes() throws {
    let plan = try Plan(text: Files.text("\(Self.folder)/plan.json"))
    #expect(plan.runner.command == ["python3", "Examples/foreign-worker/worker.py"])
    let command = ["python3", "\(Self.folder)/worker.py"]
    let (end, trials) = try sandbox.search("run", plan, command)
    #expect(end == .complete)
    #expect(trials.count == 16)
    #expect(trials.map { $0.outcome?.reason } == trials.map { _ in nil })
    let front = try JSON.decode(StageFronts.self, file: "\(sandbox.path)/run/front.json")
    #expect(front.members.count >= 2)
    #expect(try Files.text("\(sandbox.path)/run/trials/000001/log.txt").hasPrefix("training "))
  }

  @Test func aJobOfANewerProtocolIsRefusedInWords() throws {
    let job = "\(sandbox.path)/job.json"
    try AtomicFile.write("{ \"version\": 2 }", to: job)
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "\(Self.folder)/worker.py", job]
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(text.contains("this worker reads jobs of version 1, not 2"))
  }
}

import CommandTestSupport
import DetCommand
import DetSpec
import Foundation
import Testing

@testable import DetTorchCLI

/// `smnas profile` with measurements; what it counts is tested with the other verbs of models.
struct ProfileVerbTests {
  private struct Summary: Decodable {
    let median: Double
    let p10: Double
    let p90: Double
    let samples: [Double]
    var isOrdered: Bool { 0 < p10 && p10 <= median && median <= p90 }
  }

  private struct Profile: Decodable {
    let precision: String
    let threads: Int?
    let latency: LatencyReading?
    let batch: Int?
    let trainingStepSeconds: Summary?
    let peakMemoryBytes: Int?
  }

  private let design = "64x64 | resnet18 8 | fpn P1-P3 16 | rpn | rcnn"

  private func profile(_ words: String...) throws -> Profile {
    let transcript = Transcript()
    let all = ["profile", design, "--recipe", "small", "--json"] + words
    #expect(Program.run(all, transcript.context) == .done)
    return try JSONDecoder().decode(Profile.self, from: Data(transcript.output.utf8))
  }

  @Test func nothingIsMeasuredUnasked() throws {
    let profile = try profile()
    #expect(profile.latency == nil && profile.trainingStepSeconds == nil)
    #expect(profile.peakMemoryBytes == nil && profile.threads == nil && profile.batch == nil)
  }

  @Test func latencyAndTrainingStepAreSummedUp() throws {
    let profile = try profile("--latency", "--training", "--batch", "3", "--threads", "1")
    #expect(profile.precision == "float32")
    #expect(profile.threads == 1 && profile.batch == 3)
    let latency = try #require(profile.latency)
    let step = try #require(profile.trainingStepSeconds)
    #expect(latency.runs.p10 <= latency.runs.median && latency.runs.median <= latency.runs.p90)
    #expect(latency.runs.samples.count == 30 && latency.anchor?.samples.count == 40)
    #expect((latency.calmAnchor ?? 0) > 0)
    #expect(step.isOrdered && step.samples.count == 10)
    // A step of three images is seconds; detecting in one of them is milliseconds, and less work.
    #expect(step.median * 1000 > latency.runs.median)
    #expect((profile.peakMemoryBytes ?? 0) > 20_000_000)
  }

  @Test func bfloat16IsMeasuredToo() throws {
    let profile = try profile("--training", "--precision", "bfloat16", "--threads", "1")
    #expect(profile.precision == "bfloat16" && profile.trainingStepSeconds?.isOrdered == true)
  }

  @Test func aRecipeMayBeAFileOfDepartures() throws {
    let program = try BuiltProgram()
    let file = try program.write(
      "recipe.json",
      """
      { "extends": "small", "detection": { "headWidth": 32 }, }  // A slimmer head.
      """)
    func parameters(_ recipe: String) throws -> Int {
      struct Cost: Decodable { let parameters: Int }
      let transcript = Transcript()
      let words = ["profile", design, "--recipe", recipe, "--json"]
      #expect(Program.run(words, transcript.context) == .done, "\(transcript.log)")
      return try JSONDecoder().decode(Cost.self, from: Data(transcript.output.utf8)).parameters
    }
    #expect(try parameters(file) < parameters("small"))
    let wrong = try program.write("wrong.json", "{ \"epochs\": 0 }")
    let transcript = Transcript()
    #expect(Program.run(["profile", "E2", "--recipe", wrong], transcript.context) == .usage)
    #expect(transcript.log.contains("epochs is 0"))
  }
}

import DetSpec
import Testing

@Suite struct TrialFolderTests {
  @Test func aTrialsFolderHasSixDigitsOrMore() {
    #expect(TrialFolder(trial: 17, in: "run/trials").path == "run/trials/000017")
    #expect(TrialFolder(trial: 1_234_567, in: "run/trials").path == "run/trials/1234567")
  }

  @Test func theNamesOfATrialsFilesArePartOfTheProtocol() {
    let folder = TrialFolder("t")
    #expect(
      [folder.job, folder.events, folder.log, folder.detections, folder.picture]
        == ["t/job.json", "t/events.jsonl", "t/log.txt", "t/detections.json", "t/detections.png"])
    #expect(folder.weights == "t/weights.safetensors")
    #expect(folder.checkpoint == "t/checkpoint.safetensors")
  }
}

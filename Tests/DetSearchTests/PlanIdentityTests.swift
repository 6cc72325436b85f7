import DetBasics
import DetSearch
import DetSpec
import Testing

/// What is written of a plan stays the same to the byte, so that runs of earlier versions go on and are compared.
@Suite struct PlanIdentityTests {
  @Test(arguments: [
    ("\"structural\": {}", "e2d6a91c7a8c73cc"),
    (Samples.wholePlan, "162db211698d2a5c"),
    (
      "\"modular\": { \"designs\": [\"512x512 | resnet18 24 | fpn P1-P5 64 | rpn | rcnn\"] }",
      "1276c7ae41207cd4"
    ),
    (
      """
      "structural": { "recipe": { "extends": "small", "epochs": 2 }, "trials": 3, "randomShare": 0.5,
                      "objectives": ["AP50", "macs", "parameters"] },
      "modular": { "pruning": false, "pruningMargin": 0.02, "space": { "base": [24, 16] } },
      "name": "trees", "runner": { "workers": 2, "timeoutSeconds": 60, "graceSeconds": 1.5,
        "command": ["python3", "worker.py"], "device": ["cuda:0", "cuda:1"], "threads": 3,
        "memoryLimitMebibytes": 4096 }
      """, "273a42332f37869e"
    ),
  ])
  func plansAreWrittenAsEver(_ sections: String, _ hash: String) throws {
    // The keys "searcher", "atBatch", "baseline", "latency", "cache", "cacheKey", "faithful", "earlyStopping", "reseedShare", "latencies", "pickedTrials", "turns" and stage one's two of pruning came later
    // and are written always; the usual blocks were 5 to 15.
    let whole = try JSON.text(Samples.plan(sections))
    let structural = whole.firstRange(of: "\"structural\":{")?.lowerBound ?? whole.endIndex
    let stageOne = whole[structural...].replacing(
      "\"pruning\":true,\"pruningMargin\":0.01,", with: "", maxReplacements: 1)
    let text = String(whole[..<structural] + stageOne)
      .replacing("\"searcher\":\"evolution\",", with: "").replacing(#/"atBatch":\d+,/#, with: "")
      .replacing("\"baseline\":true,", with: "").replacing("\"earlyStopping\":true,", with: "")
      .replacing("\"reseedShare\":0.1,", with: "").replacing("\"reseedShare\":0,", with: "")
      .replacing("\"latencies\":[],", with: "").replacing("\"pickedTrials\":[],", with: "")
      .replacing("\"turns\":\"together\"", with: "").replacing(",}", with: "}")
      .replacing("\"cache\":true,", with: "").replacing("\"faithful\":false,", with: "").replacing(
        "\"cacheKey\":null,", with: ""
      )
      .replacing("\"blocks\":[]", with: "\"blocks\":[5,15]")
      .replacing(
        "\"latency\":{\"command\":null,\"measuresFront\":true,\"timeoutSeconds\":600},", with: "")
    #expect(StableHash.hex(of: text) == hash)
  }
}

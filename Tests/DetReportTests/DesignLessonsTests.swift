import DetMetrics
import DetSearch
import DetSpec
import Testing

@testable import DetReport

struct DesignLessonsTests {
  @Test(arguments: DesignTrait.allCases)
  func aTraitIsReadOffTheDesign(trait: DesignTrait) throws {
    func value(_ backbone: String, _ head: String, of trait: DesignTrait) throws -> Double? {
      let design = try DetectorDesign(text: "64x64 | \(backbone) | fpn P1-P3 48 | rpn | \(head)")
      return trait.value(design, headWidth: 128)
    }
    let expected: [DesignTrait: Double] = [
      .depth: 14, .base: 56, .firstRaise: 1.0 / 13, .secondRaise: 7.0 / 13, .thirdRaise: 1,
      .stage1: 2, .stage2: 5, .stage3: 3, .stage4: 4, .pyramid: 48, .head: 128,
    ]
    let code = "basicblock 56 12-11111-211-1112"
    #expect(try value(code, "rcnn", of: trait) == expected[trait])
    #expect(try value("basicblock 56 1-21-1-1", "rcnn", of: .thirdRaise) == nil)
    #expect(try value(code, "cascade 2 64", of: .head) == 64)
    let single = try DetectorDesign(text: "64x64 | resnet18 | none | rpn | rcnn")
    #expect(trait.value(single, headWidth: nil) == nil)
  }

  /// Stage two around one pick: the deeper the better, whatever the cost; the cost says nothing.
  private func model(trials: Int) throws -> ReportModel {
    var model = SampleModel.make(trials: max(1, trials))
    model.trials = try (1...max(1, trials)).map { id in
      let depth = 3 + id % 7
      let blocks = String(repeating: "1", count: depth)
      let design = try DetectorDesign(
        text:
          "128x128 | basicblock \(16 + 2 * (id % 3)) 1\(blocks)-21-21-21 | fpn P1-P3 64 | rpn | rcnn"
      )
      let accuracy = 0.05 * Double(depth)
      return ReportModel.Entry(
        Trial(
          suggestion: Suggestion(
            id: id, stage: .modular, pick: 0, step: id, design: design, origin: .random,
            prunedBecause: nil), seed: 1, known: 0,
          result: .init(
            outcome: .finished(metrics: ["AP50": accuracy, "macs": Double(1 + id % 5) * 1e9]),
            sequence: id, seconds: 1)))
    }
    let pick = Choice(name: "C0", design: model.trials[0].record.design, trial: nil)
    model.stages[0].name = "modular"
    model.stages[0].objectives = [.averagePrecision50, .macs]
    model.stages[0].fronts[0].id = "modular-C0"
    model.stages[0].fronts[0].pick = pick
    model.stages[0].fronts[0].members = [.init("C0", trial: 1)]
    model.stages[0].fronts[0].trials = model.trials.map(\.id)
    return model
  }

  @Test func depthThatHelpsIsResolvedOverallAndAtFixedCost() throws {
    let lessons = DesignLessons(try model(trials: 35))
    let set = try #require(lessons.traits.first)
    #expect(set.title == "Around C0" && set.count == 35)
    let depth = try #require(set.rows.first { $0.title == "depth" })
    #expect(depth.overall.value == 1 && depth.kendall == 1)
    #expect(try #require(depth.atCost).value > 0.99)
    // What is the same in all designs has no row; neither has the base an effect.
    #expect(!set.rows.contains { $0.title == "blocks at stride 32" })
    #expect(!set.rows.contains { $0.title == "head channels" })
    let base = try #require(set.rows.first { $0.title == "base channels" })
    #expect(!base.overall.isResolved)
    let page = try HTMLReport.render(try model(trials: 35), plotly: "")
    #expect(page.contains("What makes a design good") && page.contains("data-chart=\"traits\""))
    #expect(page.contains("<td>depth</td>"))
    // The script finds its data by the id of their element.
    let ids = page.matches(of: /\ id="([^"]+)"/).map { String($0.1) }
    #expect(ids.contains("lessons") && Set(ids).count == ids.count)
  }

  @Test func fewTrialsSayNothing() throws {
    let few = try model(trials: DesignLessons.fewest - 1)
    #expect(DesignLessons(few).traits.isEmpty)
    #expect(!(try HTMLReport.render(few, plotly: "").contains("What makes a design good")))
  }

  @Test func partsOfStageOneHaveMeansWithIntervals() throws {
    let model = SampleModel.make()
    let parts = try #require(DesignLessons(model).parts)
    #expect(parts.groups.map(\.part) == ["Input", "Backbone", "Neck", "Proposals", "Head"])
    let finished = model.trials.filter(\.isFinished)
    for group in parts.groups {
      #expect(group.rows.reduce(0) { $0 + $1.count } == finished.count)
    }
    let inputs = finished.filter { $0.record.design.input.text == "320x320" }
    let mean = inputs.compactMap { $0.metrics["AP50"] }.reduce(0, +) / Double(inputs.count)
    let row = try #require(parts.groups[0].rows.first { $0.text == "320x320" })
    #expect(abs(row.accuracy - mean) < 1e-12)
    #expect(row.spread == nil || row.count > 2)
  }

  @Test func everyMemberHasTheCommandThatTrainsIt() throws {
    var model = SampleModel.make()
    let page = try HTMLReport.render(model, plotly: "")
    for member in model.stages[0].members {
      let design = try #require(model.trial(member.trial)).design
      #expect(
        page.contains(
          "smnas train &#39;\(design)&#39; --plan runs/demo/plan.json --output runs/demo-\(member.name)"
        ))
    }
    model.isForeign = true
    #expect(!(try HTMLReport.render(model, plotly: "").contains("Train this fully")))
  }
}

package import DetBasics
import DetSpec

extension StructuralPlan: StagePlan {
  static let canTimeFirst = true

  /// The keys of the section `structural`.
  package static let settings = SettingsTable<StructuralPlan> {
    $0.addStage(
      trials: "Designs that are evaluated.",
      initial:
        "Designs that come first: the literature's as far as they are in the space, then others spread over cost.",
      pruning:
        "Whether designs that cannot improve the front are left out (partial order pruning). Where latency is an objective, every design is timed before it is decided whether to train it."
    )
    $0.optional(
      "weights", \.weights, "Weights that backbones start from.",
      absent: "none: what the recipe says")
    $0.add("space", \.space, "The parts that are combined.")
    $0.check { stage in
      stage.weights != nil && stage.recipe.pretrained != nil
        ? "weights and recipe.pretrained both say what backbones start from; keep one" : nil
    }
    $0.check { stage in
      guard stage.recipe.pretrained == nil, let need = stage.recipe.needOfWeights else {
        return nil
      }
      guard let weights = stage.weights else { return "recipe: \(need)" }
      return weights.allowsScratch
        ? "recipe: \(need), or take out weights.allowsScratch, by which some backbones have none"
        : nil
    }
    $0.check(\.doubledHead)
  }
}

extension StructuralParts: SettingValue {
  package static var form: String { "object" }

  /// The keys of the section `structural.space`.
  package static let settings = SettingsTable<StructuralParts> {
    $0.add(
      "inputs", \.inputs,
      "Sizes that images are fitted into: the long side goes along the longer side of an image.",
      .distinct(meaning: \.landscape))
    $0.add("backbones", \.backbones, "What images pass through first.", .distinct())
    $0.add("necks", \.necks, "What joins the levels of a backbone.", .distinct())
    $0.add(
      "proposals", \.proposals,
      "What proposes regions to a head; none is for heads that need none.", .distinct())
    $0.add("heads", \.heads, "What finds boxes and their classes.", .distinct())
  }
}

extension ModularPlan: StagePlan {
  static let canTimeFirst = false

  /// The keys of the section `modular`.
  package static let settings = SettingsTable<ModularPlan> {
    $0.add(
      "picks", \.picks,
      "Members of stage one's front that are refined, those with less than half the best accuracy last.",
      .between(1...1000))
    $0.add(
      "designs", \.designs, "Designs to refine instead of stage one's front.",
      .distinct("none twice", mayBeEmpty: true))
    $0.addLatencies()
    $0.addTrials(\.pickedTrials, "Trials of stage one by number whose designs are refined.")
    $0.add(
      "turns", \.turns,
      "Whether the picks' fronts grow together, or the picks are searched in turn, each to its end."
    )
    $0.check(\.conflict)
    $0.addStage(
      trials: "Designs that are evaluated for each pick, the baseline among them.",
      initial: "Designs of each pick, spread over cost, that come before the first mutation.",
      pruning: "Whether designs that cannot improve the front are left out (partial order pruning)."
    )
    $0.add(
      "baseline", \.baseline,
      "Whether each pick itself is trained as the designs around it are, to compare them with.")
    $0.add("space", \.space, "The choices within the parts.")
    $0.check { stage in
      stage.recipe.pretrained == nil ? stage.recipe.needOfWeights.map { "recipe: \($0)" } : nil
    }
  }
}

extension ModularParts: SettingValue {
  package static var form: String { "object" }

  /// The keys of the section `modular.space`.
  package static let settings = SettingsTable<ModularParts> {
    $0.add(
      "base", \.base, "Base channels.",
      .distinct("even numbers from 8 to 512") { width in
        StageCode.bases.contains(width) && width.isMultiple(of: 2)
      })
    $0.add(
      "blocks", \.blocks, as: ends,
      "Fewest and most blocks of a backbone; without them 5 to 27, as in the paper, or to a pick's own number where that is more.",
      SettingRule(
        blockWords,
        problem: { blocks, _ in
          guard let blocks else { return nil }
          let isWithin =
            blocks.lowerBound >= StageCode.stageCount && blocks.upperBound <= StageCode.mostBlocks
          return isWithin
            ? nil : "is [\(blocks.lowerBound), \(blocks.upperBound)]; use \(blockWords)"
        }))
    $0.add(
      "fpnChannels", \.fpnChannels, "Channels of the pyramid.",
      .distinct("multiples of 8 from 8 to 1024") { channels in
        NeckSpec.channels.contains(channels) && channels.isMultiple(of: 8)
      })
    $0.add(
      "headChannels", \.headChannels,
      "Channels inside the head: the width of its two fully connected layers, 1024 in the paper, or of RetinaNet's towers. Where the list is empty, each pick's own stay: the recipe's detection.headWidth, or as many as the pyramid has, unless the pick says otherwise.",
      .distinct(
        "multiples of 8 from \(HeadSpec.channels.lowerBound) to \(HeadSpec.channels.upperBound)",
        mayBeEmpty: true, each: HeadSpec.canHave))
    $0.leaveUnwritten(\.headChannels, at: [])
    $0.add(
      "doublings", \.doublings,
      "How often a backbone doubles its channels: the numbers of \"2\" in its code. The paper's double three times.",
      .distinct("from 0 to \(StageCode.mostDoublings)") {
        (0...StageCode.mostDoublings).contains($0)
      })
    $0.leaveUnwritten(\.doublings, at: [3])
    $0.check { $0.doublings == [3] && $0.headChannels.isEmpty ? nil : $0.problem }
  }

  private static let blockWords =
    "the fewest and the most blocks, as in [5, 15], within 4 and 200"

  private static let ends = SettingForm<ClosedRange<Int>?, [Int]>(
    write: { $0.map { [$0.lowerBound, $0.upperBound] } ?? [] },
    read: { ends in
      if ends.isEmpty { return .value(nil) }
      return ends.count == 2 && ends[0] <= ends[1]
        ? .value(ends[0]...ends[1]) : .problem("is \(ends); use \(blockWords)")
    })
}

extension SearcherKind: SettingValue {}

extension SettingsTable where Root: StagePlan {
  /// Adds the keys that all stages have, in their order; what two of them mean differs.
  fileprivate mutating func addStage(trials: String, initial: String, pruning: String) {
    let usual = Root().initial
    add("trials", \.trials, trials, .between(1...StructuralPlan.mostTrials))
    add(
      "initial", \.initial, initial,
      SettingRule(
        "1 to trials",
        problem: { count, stage in
          (1...stage.trials).contains(count) ? nil : "is \(count); use 1 to \(stage.trials)"
        }),
      fallback: SettingFallback("\(usual), or trials when they are fewer") {
        min(usual, $0.trials)
      })
    add(
      "searcher", \.searcher,
      "What chooses designs: a model that learns from every trial, evolution, the same as the paper has it, NSGA-II, regularised evolution, or draws from the space at random."
    )
    add(
      "randomShare", \.randomShare,
      "The probability that a mutation's parent is any finished trial instead of a member of the front.",
      .between(0...1))
    addObjectives(\.objectives, "What is improved.")
    add("recipe", \.recipe, "How each design is trained.")
    add("pruning", \.pruning, pruning)
    add(
      "pruningMargin", \.pruningMargin,
      "How much better than a larger design a cheaper one must be before the larger one's parts are pruned; the deviation of trainings by different seeds takes its place as designs are trained once more.",
      .between(0...1))
    add(
      "earlyStopping", \.earlyStopping,
      "Whether a training ends early when a finished trial is at least as good in every objective even if it should gain as much as any before: at epochs that are evaluated, once five have shown what is gained from there."
    )
    add(
      "reseedShare", \.reseedShare,
      "The share of the trials that train designs once more by other seeds, those on which the front hinges: accuracies become means, with intervals. Two thirds of them are the stage's last trials.",
      .between(0...0.5))
  }
}

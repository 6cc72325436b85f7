import DetBasics
import DetData
import DetSpec
import Foundation

extension PlanDraft {
  /// The plan as JSON with comments; paths are relative to the plan's folder where they lie below it.
  func text(for file: String) throws -> String {
    """
    {
      // Written by smnas init for \(facts).
    \(comment(faults))\
      "version": 1,
      "name": \(try JSON.text(name)),
      "seed": \(seed),
      "data": {
    \(comment(dataReasons, indent: 4))\
        "train": \(try source(sources.train, file)),
        "validation": \(try source(sources.validation, file)),
      },
      "structural": {
        // Designs that are trained and measured; \(budget).
        "trials": \(trials),
        // The first of them are drawn at random, spread over the space.
        "initial": \(max(3, min(trials, trials / 3))),
        "objectives": ["AP", "latency"],
        "recipe": {
          // \(recipeReason)
          "extends": "\(recipe.rawValue)",
          "epochs": \(epochs),
          "batch": \(batch),
    \(try anchors())\
        },
        "space": {
          // \(inputReason)
          "inputs": \(try list(inputs.map(\.description))),
          "backbones": \(try list(backbones)),
          // \(neckReason)
          "necks": \(try list(necks)),
          "proposals": ["none", "rpn"],
          "heads": ["rcnn", "retinanet", "cascade 2", "cascade 3"],
        },
      },
    \(runner)
    }

    """
  }

  // MARK: - Reasons

  private var facts: String {
    let boxes = sources.images.boxCount
    let whole = sources.images.samples.count
    return "\(whole) training \(whole == 1 ? "image" : "images") with \(boxes) boxes of "
      + (classes.count <= 4 ? classes.joined(separator: ", ") : "\(classes.count) classes")
  }

  /// What the reader had to mend.
  private var faults: [String] {
    let counts = sources.images.repairCounts.map { "\($0.kind.rawValue) \($0.count)" }
    return counts.isEmpty
      ? [] : ["Mended while reading (smnas doctor lists it): \(counts.joined(separator: ", "))."]
  }

  private var dataReasons: [String] {
    var reasons: [String] = []
    if let tiles = advice.tiles {
      reasons.append(
        "The images are large and their objects small: tiles of \(tiles.size) pixels keep them in sight."
      )
    }
    if sources.isDivided {
      reasons.append("Divided by images: no tile of one that is measured on is learnt from.")
    }
    if let reason = sources.firstPixelReason {
      reasons.append("Pixels are counted from 0: \(reason).")
    }
    return reasons
  }

  private var budget: String {
    guard secondsPerTrial > 0 else { return "as many as you have time for" }
    return "a trial takes about \(Durations.text(seconds: secondsPerTrial)) here, by the forecast"
  }

  private var recipeReason: String {
    isSmall
      ? "From scratch, with group norm and small heads: for few images, or no accelerator."
      : "The paper's: set \"pretrained\" to weights of the backbones when you have some."
  }

  private var inputReason: String {
    let tiny = advice.coverage.tinyShare
    let largest = inputs.last?.description ?? ""
    let lost = "at \(largest) \((100 * tiny).fixed(0))% of the boxes are below 8 pixels"
    return machine.device == nil
      ? "Kept small, as there is no accelerator; \(lost)." : "Of the images' own shape; \(lost)."
  }

  private var neckReason: String {
    let shares = advice.coverage.levels.filter { $0.share >= 0.02 }.map {
      "stride \($0.stride) \(($0.share * 100).fixed(0))%"
    }
    return "Boxes by the level that fits them best: \(shares.joined(separator: ", "))."
  }

  // MARK: - Parts

  private func anchors() throws -> String {
    guard !advice.anchorsAreUsual else {
      return
        "      // The usual anchors overlap \(percent(advice.coverage.recall50)) of the boxes by 0.5.\n"
    }
    return """
            // Anchors of this scale and shape overlap \(percent(advice.coverage.recall50)) of the boxes by 0.5, the usual ones fewer.
            "detection": { "anchorScale": \(try JSON.text(advice.anchors.scale)), \
      "anchorRatios": \(try JSON.text(advice.anchors.ratios)) },

      """
  }

  private var runner: String {
    let device = machine.device.map { ", \"device\": \"\($0)\"" } ?? ""
    return """
        // Trials at a time, and seconds after which one is given up.
        "runner": { "workers": \(workers), "timeoutSeconds": \(timeoutSeconds)\(device) },
      """
  }

  private func percent(_ share: Double) -> String { "\((100 * share).fixed(0))%" }

  private func comment(_ lines: [String], indent: Int = 2) -> String {
    lines.map { "\(String(repeating: " ", count: indent))// \($0)\n" }.joined()
  }

  private func list(_ words: [String]) throws -> String {
    "[" + (try words.map { try JSON.text($0) }).joined(separator: ", ") + "]"
  }

  private func source(_ source: DatasetSource, _ file: String) throws -> String {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().standardizedFileURL.path
    let source = source.changingPaths { path in
      path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
    }
    let lines = try JSON.text(source, pretty: true).split(separator: "\n")
    return lines.enumerated().map { index, line in
      // Foundation puts a space before the colon; here plans are written without.
      let colon = line.range(of: "\" : ")
      let tidy = colon.map { line.replacingCharacters(in: $0, with: "\": ") } ?? String(line)
      return index == 0 ? tidy : "    \(tidy)"
    }.joined(separator: "\n")
  }
}

// Searches of landscapes whose accuracies and costs are known.
//
//   search-benchmark run LANDSCAPE SEARCHER FIRST-SEED SEEDS BUDGET [--learnt-costs] [--noise D] [--workers N] [--without PART,PART…]
//     a line for each seed: what was evaluated, as accuracy (without noise) and cost, in order
//   search-benchmark picks SEARCHER FIRST-SEED SEEDS BUDGET [--apart]
//     the spaces around three picks searched in turn, a line for each pick and seed; apart, none learns from the others
//   search-benchmark table LANDSCAPE
//     a line for each design of a space that can be listed: which element of each list it has, accuracy, cost
import DetBasics
import DetSearch
import DetSpec
import Foundation

struct Options {
  var learnsCosts = false
  var noise = 0.0
  var workers = 1
  var without: Set<ModelPart> = []
}

/// One search: the numbers evaluated, in order. With several workers a trial ends when as many more have begun.
func search(
  _ landscape: Landscape, _ searcher: any Searcher, seed: Int, budget: Int, _ options: Options
)
  -> [Int]
{
  let generator = Generator(seed: UInt64(seed))
  let known: SearchHistory.Known = { number in
    options.learnsCosts ? [:] : [.latency: landscape.evaluate(number).cost]
  }
  var history = SearchHistory(
    space: landscape.space, objectives: [.averagePrecision, .latency], known: known)
  var underWay: [(trial: Int, number: Int)] = []
  func finish() {
    let (trial, number) = underWay.removeFirst()
    let (accuracy, cost) = landscape.evaluate(number)
    var noise = generator.stream("noise", number)
    history.observe(trial: trial, point: [accuracy + options.noise * noise.normal(), cost])
  }
  for step in 0..<budget where !history.isUsedUp {
    var stream = generator.stream("step", step)
    let candidates = searcher.propose(history: history, stream: &stream)
    guard
      let number = candidates.first(where: { history.isFree($0.number) })?.number
        ?? history.draw(&stream)
    else { break }
    history.register(trial: step + 1, number: number)
    underWay.append((step + 1, number))
    if underWay.count == options.workers { finish() }
  }
  return history.evaluated
}

/// Searches of the spaces around three picks, a trial of each in turn: the numbers evaluated in each.
func searchPicks(
  _ landscapes: [Landscape], _ searchers: [any Searcher], seed: Int, budget: Int,
  learnsFromOthers: Bool
) -> [[Int]] {
  let generator = Generator(seed: UInt64(seed))
  var histories = landscapes.map { landscape in
    SearchHistory(space: landscape.space, objectives: [.averagePrecision, .macs]) { number in
      [.macs: landscape.evaluate(number).cost]
    }
  }
  for step in 0..<budget {
    for pick in landscapes.indices {
      let trial = step * landscapes.count + pick + 1
      var stream = generator.stream("pick \(pick)", step)
      let candidates = searchers[pick].propose(history: histories[pick], stream: &stream)
      guard
        let number = candidates.first(where: { histories[pick].isFree($0.number) })?.number
          ?? histories[pick].draw(&stream)
      else { continue }
      let (accuracy, cost) = landscapes[pick].evaluate(number)
      histories[pick].register(trial: trial, number: number)
      histories[pick].observe(trial: trial, point: [accuracy, cost])
      guard learnsFromOthers else { continue }
      let kin = SearchHistory.Kin(
        trial: trial, family: pick, features: landscapes[pick].space.features(of: number),
        known: [.macs: cost], point: [accuracy, cost])
      for other in landscapes.indices where other != pick { histories[other].adopt(kin) }
    }
  }
  return histories.map(\.evaluated)
}

func points(_ numbers: [Int], _ landscape: Landscape) -> String {
  let pairs = numbers.map { number in
    let (accuracy, cost) = landscape.evaluate(number)
    return "[\(accuracy),\(cost)]"
  }
  return "[\(pairs.joined(separator: ","))]"
}

func value(_ words: [String], _ name: String) -> String? {
  words.firstIndex(of: name).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
}

let words = Array(CommandLine.arguments.dropFirst())
guard words.count >= 2 else {
  print(
    "search-benchmark run LANDSCAPE SEARCHER FIRST-SEED SEEDS BUDGET | picks SEARCHER FIRST-SEED SEEDS BUDGET | table LANDSCAPE"
  )
  exit(64)
}
if words[0] == "picks" {
  guard words.count >= 5, let kind = SearcherKind(rawValue: words[1]), let first = Int(words[2]),
    let seeds = Int(words[3]), let budget = Int(words[4])
  else { fatalError("picks SEARCHER FIRST-SEED SEEDS BUDGET") }
  let landscapes = try ["modular", "pick 1", "pick 2"].map(Landscape.named)
  for seed in first..<first + seeds {
    let found = searchPicks(
      landscapes, landscapes.map { _ in kind.make(initial: 8, randomShare: 0.2) }, seed: seed,
      budget: budget, learnsFromOthers: !words.contains("--apart"))
    for (pick, numbers) in found.enumerated() {
      print(
        "{\"pick\":\(pick),\"seed\":\(seed),\"points\":\(points(numbers, landscapes[pick]))}")
    }
  }
  exit(0)
}
let landscape = try Landscape.named(words[1])
if words[0] == "table" {
  guard let space = landscape.space as? StructuralSpace else {
    fatalError("\(words[1]) cannot be listed")
  }
  let parts = space.parts
  for number in 0..<space.size {
    let design = space.design(at: number)
    let (accuracy, cost) = landscape.evaluate(number)
    let places: [Int?] = [
      parts.inputs.firstIndex(of: design.input), parts.backbones.firstIndex(of: design.backbone),
      parts.necks.firstIndex(of: design.neck), parts.proposals.firstIndex(of: design.proposals),
      parts.heads.firstIndex(of: design.head),
    ]
    print(places.map { "\($0 ?? -1)" }.joined(separator: " "), accuracy, cost)
  }
  exit(0)
}
guard words.count >= 6, let first = Int(words[3]), let seeds = Int(words[4]),
  let budget = Int(words[5])
else { fatalError("run LANDSCAPE SEARCHER FIRST-SEED SEEDS BUDGET") }
guard let kind = SearcherKind(rawValue: words[2]) else {
  fatalError("no searcher is called \(words[2])")
}
var options = Options()
options.learnsCosts = words.contains("--learnt-costs")
options.noise = value(words, "--noise").flatMap { Double($0) } ?? 0
options.workers = value(words, "--workers").flatMap { Int($0) } ?? 1
let named = (value(words, "--without") ?? "").split(separator: ",").map(String.init)
options.without = Set(named.compactMap(ModelPart.init(rawValue:)))
guard options.without.count == named.count else {
  fatalError("parts are \(ModelPart.allCases.map(\.rawValue).joined(separator: ", "))")
}
for seed in first..<first + seeds {
  let began = ContinuousClock.now
  let numbers = search(
    landscape,
    options.without.isEmpty
      ? kind.make(initial: 8, randomShare: 0.2)
      : ModelSearch(initial: 8, without: options.without),
    seed: seed, budget: budget, options)
  let seconds = ContinuousClock.now - began
  let time = Double(seconds.components.seconds) + Double(seconds.components.attoseconds) / 1e18
  print(
    "{\"landscape\":\"\(words[1])\",\"searcher\":\"\(words[2])\",\"seed\":\(seed),\"seconds\":\(time),"
      + "\"points\":\(points(numbers, landscape))}")
}

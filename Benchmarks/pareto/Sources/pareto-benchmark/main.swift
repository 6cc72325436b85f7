import DetBasics
import DetMetrics
import Foundation

// pareto-benchmark POINTS.json REPEATS: reads a list of points, sorts them into ranks and takes the hypervolume of all
// of them to (1, 1), and prints the seconds of each repetition and the outcome as one JSON object.

func seconds(_ work: () -> Void) -> Double {
  let clock = ContinuousClock()
  return clock.measure(work) / .seconds(1)
}

let words = CommandLine.arguments
guard words.count == 3, let repeats = Int(words[2]), repeats > 0 else {
  print("usage: pareto-benchmark POINTS.json REPEATS")
  exit(64)
}
let points = try JSONDecoder().decode(
  [[Double]].self, from: Data(contentsOf: URL(fileURLWithPath: words[1])))
let directions: [Direction] = [.minimize, .minimize]
var ranks: [Int] = []
var volume = 0.0
var (sorting, measuring): ([Double], [Double]) = ([], [])
for _ in 0..<repeats {
  sorting.append(
    seconds { ranks = ParetoFront.nonDominatedRanks(of: points, directions: directions) })
  measuring.append(
    seconds {
      volume = Hypervolume.value(points, reference: [1, 1], directions: directions)
    })
}
print(
  #"{"sort": \#(sorting), "hypervolume": \#(measuring), "ranks": \#(ranks), "volume": \#(volume)}"#)

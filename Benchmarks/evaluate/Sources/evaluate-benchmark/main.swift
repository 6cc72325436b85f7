import DetMetrics
import Foundation

// evaluate-benchmark TRUTH DETECTIONS THREADS: evaluates once, and prints the seconds, the memory and the numbers as
// one JSON object, as one_run.py does for the others.

func peakMegabytes() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_maxrss) / 1024
}

/// Seconds of wall clock and of all threads' processor time, since some time.
func times() -> (wall: Double, processor: Double) {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  let wall = Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  return (wall, Double(clock()) / Double(CLOCKS_PER_SEC))
}

func run(_ truthPath: String, _ detectionsPath: String, threads: Int) throws {
  let atStart = peakMegabytes()
  let start = times()
  let truth = try COCOTruthFile.read(truthPath, threads: threads)
  let truthRead = times()
  var evaluator = COCOEvaluator(truth: truth, threads: threads)
  try evaluator.add(resultsFile: detectionsPath)
  let allRead = times()
  let summary = evaluator.finish().summary
  let end = times()
  let numbers = summary.named.map { "\($0.value)" }.joined(separator: ", ")
  print(
    """
    {"seconds": \(end.wall - start.wall), "processor": \(end.processor - start.processor), \
    "peak_megabytes": \(peakMegabytes()), "start_megabytes": \(atStart), "parts": \
    {"truth": \(truthRead.wall - start.wall), "detections": \(allRead.wall - truthRead.wall), \
    "evaluation": \(end.wall - allRead.wall)}, "stats": [\(numbers)]}
    """)
}

let words = CommandLine.arguments
guard words.count == 4, let threads = Int(words[3]) else {
  print("usage: evaluate-benchmark TRUTH.json DETECTIONS.json THREADS")
  exit(64)
}
try run(words[1], words[2], threads: threads)

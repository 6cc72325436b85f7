import DetBasics
import DetCommand
import DetExecution
import DetMetrics
import DetSearch
import Foundation

/// What both sides of a comparison are judged by.
struct ContestTruth {
  let truth: GroundTruth
  /// What reading had to fill in, a line for each kind.
  let notes: [String]

  /// The truth of `--truth`, or that of the runs.
  ///
  /// - Throws: when there is none, or the two sides were judged by different ones.
  init(of contenders: [Contender], given: String?) throws {
    let paths = try given.map { [$0] } ?? Self.paths(contenders)
    guard let path = paths.first else {
      throw UsageError.rule(
        "--truth GT.json is missing: detections in files are judged by annotations in COCO format")
    }
    let (truth, repairs) = try COCOTruthFile.readCountingRepairs(path)
    for other in paths.dropFirst() {
      guard try Self.isSame(truth, COCOTruthFile.read(other)) else {
        throw FileError(
          path: other, problem: "differs from \(path), by which the other trial was judged",
          cure: "compare trials of the same data, or judge both anew by --truth GT.json")
      }
    }
    guard truth.annotations.contains(where: { !$0.isIgnored && !$0.isCrowd }) else {
      throw FileError(
        path: path, problem: "has no object to find", cure: "name annotations with objects")
    }
    self.truth = truth
    notes = repairs.lines.map { "\(path): \($0)" }
  }

  /// The files of the runs' truths, each once.
  private static func paths(_ contenders: [Contender]) throws -> [String] {
    var paths: [String] = []
    for record in contenders.compactMap(\.record) {
      let path = try record.run.truth(of: record.trial)
      guard FileManager.default.fileExists(atPath: path) else {
        throw FileError(
          path: path, problem: "is not there: the run keeps no truth of trial \(record.trial.id)",
          cure: record.isForeign
            ? "add --truth GT.json, as only the program that trains knows the data"
            : "add --truth GT.json")
      }
      if !paths.contains(path) { paths.append(path) }
    }
    return paths
  }

  /// Whether two truths judge alike: the names of files count for nothing, as a project may move.
  private static func isSame(_ one: GroundTruth, _ other: GroundTruth) -> Bool {
    func nameless(_ truth: GroundTruth) -> [GroundTruth.Image] {
      truth.images.map { .init(id: $0.id, width: $0.width, height: $0.height) }
    }
    return one.categories == other.categories && one.annotations == other.annotations
      && nameless(one) == nameless(other)
  }
}

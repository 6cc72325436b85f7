import CommandTestSupport
import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import TestSupport

@testable import DetServe

/// A run in a folder that goes when the test does; trials are added to it one by one, as a search would.
final class SmallSearch {
  private let temporary: TemporaryFolder
  private let run: Run
  let path: String
  private var count = 0

  init(name: String = "trees", folder: String = "run") throws {
    temporary = try TemporaryFolder()
    path = temporary.file(folder)
    let text =
      #"{"name": \#(try JSON.text(name)), "data": {"train": {}, "validation": {}}, "structural": {"trials": 40}}"#
    run = try Run.begin(path, plan: PlacedPlan(try Plan(text: text)), versions: ["smnas": "0.1.0"])
  }

  /// The folder around the run's.
  var around: String { temporary.path }

  /// Begins a trial and gives its number.
  @discardableResult
  func begin() throws -> Int {
    count += 1
    let design = try DetectorDesign(
      text: "\(256 + 32 * count)x512 | resnet18 | fpn P1-P5 256 | rpn | rcnn")
    let suggestion = Suggestion(
      id: count, stage: .structural, pick: nil, step: count - 1, design: design,
      origin: Origin(name: "random", parent: nil) ?? .start, prunedBecause: nil)
    try run.store.begin(.init(suggestion: suggestion, seed: 1, known: count - 1))
    return count
  }

  /// Ends a trial.
  func end(_ trial: Int, _ outcome: Outcome? = nil) throws {
    let metrics = ["AP": 0.1 + 0.02 * Double(trial), "latency": 10 + Double(trial)]
    try run.store.end(
      trial, .init(outcome: outcome ?? .finished(metrics: metrics), sequence: trial, seconds: 60))
  }

  func report(_ trial: Int, _ event: TrialEvent) throws { try run.store.add(event, trial: trial) }

  /// Leaves a picture of one pixel with a trial.
  func draw(_ trial: Int, _ name: String = "detections.png") throws {
    try AtomicFile.write(Self.pixel, to: "\(path)/trials/00000\(trial)/\(name)")
  }

  static let pixel =
    Data(
      base64Encoded:
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
    ) ?? Data()
}

/// A time that passes only when it is told to.
final class Clock: @unchecked Sendable {
  private let lock = NSLock()
  private var now = Date(timeIntervalSince1970: 2_000_000_000)
  func pass(_ seconds: Double) { lock.withLock { now.addTimeInterval(seconds) } }
  var time: @Sendable () -> Date { { self.lock.withLock { self.now } } }
}

/// A site without a network: requests go in, answers come out.
struct SmallSite {
  static let token = "0123456789abcdef"
  let site: Site
  let clock = Clock()

  init(_ folders: String..., token: String? = SmallSite.token, names: [String] = []) {
    site = Site(
      folders, gate: Gate(address: "127.0.0.1", port: 80, names: names, token: token),
      plotly: String(repeating: "/* plotly */", count: 200), clock: clock.time)
  }

  /// The answer to a request by one who may look, unless `headers` say otherwise.
  func ask(
    _ target: String, _ method: String = "GET", headers: [String: String] = [:],
    hasBody: Bool = false
  ) -> Answer {
    let usual = ["Host": "127.0.0.1:80", "Authorization": "Bearer \(Self.token)"]
    let sent = usual.merging(headers) { $1 }.filter { !$0.value.isEmpty }
    return site.answer(
      Request(
        method: method, target: target, headers: sent.map { ($0.key, $0.value) }, hasBody: hasBody))
  }
}

extension Answer {
  /// The body's bytes; none for a stream.
  var data: Data {
    guard case .bytes(let bytes, let from, let count) = body else { return Data() }
    return bytes.data[from..<(from + count)]
  }

  var text: String { String(decoding: data, as: UTF8.self) }

  /// Who watches, where the answer is a stream.
  var watcher: Watcher? {
    if case .stream(let watcher) = body { watcher } else { nil }
  }
}

extension Watcher {
  /// What waits now.
  var waiting: Data {
    let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
    defer { space.deallocate() }
    var all = Data()
    while true {
      let count = read(space)
      guard count > 0 else { return all }
      all += Data(space.prefix(count))
    }
  }

  var text: String { String(decoding: waiting, as: UTF8.self) }
}

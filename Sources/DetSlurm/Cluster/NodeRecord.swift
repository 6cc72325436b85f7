import DetBasics

/// What the nodes of a cluster have done for a run, and which of them are given no more trials.
///
/// A broken node ends every trial within a moment, and so gets the next one: without this it would fail a whole search. A node that has
/// ended three trials in a row without a result, while others finish theirs, is excluded; one that has finished some before, after six.
struct NodeRecord: Codable, Sendable, Equatable {
  struct Node: Codable, Sendable, Equatable {
    var finished = 0
    /// The trials that ended without a result since the last that finished.
    var failed: Set<Int> = []
    var isExcluded = false
  }

  static let currentVersion = 1
  private static let mostAtFirst = 3
  private static let most = 6

  var version = currentVersion
  private(set) var nodes: [String: Node] = [:]

  /// What was kept; nothing where there is nothing, or nothing that can be read: then it is learnt anew.
  init(file path: String) { self = (try? JSON.decode(Self.self, file: path)) ?? NodeRecord() }

  init() {}

  /// Writes it down after every trial, without waiting for the disk: what a crash of the machine takes of it is learnt anew.
  func keep(_ path: String) throws {
    try AtomicFile.write(JSON.text(self, pretty: true) + "\n", to: path, waits: false)
  }

  /// Those that get no more trials.
  var excluded: [String] { nodes.filter(\.value.isExcluded).keys.sorted() }

  /// Whether a node has finished a trial, so that a failure there is the trial's own.
  func isProven(_ node: String) -> Bool { (nodes[node]?.finished ?? 0) > 0 }

  /// Takes in that a trial finished.
  mutating func finished(_ node: String) {
    guard !node.isEmpty else { return }
    nodes[node, default: Node()].finished += 1
    nodes[node]?.failed = []
  }

  /// Takes in that a trial ended without a result; whether the node is excluded from now on.
  mutating func failed(_ node: String, trial: Int) -> Bool {
    guard !node.isEmpty else { return false }
    nodes[node, default: Node()].failed.insert(trial)
    guard let record = nodes[node], !record.isExcluded,
      record.failed.count >= (record.finished > 0 ? Self.most : Self.mostAtFirst),
      nodes.contains(where: { $0.key != node && $0.value.finished > 0 })
    else { return false }
    nodes[node]?.isExcluded = true
    return true
  }
}

import DetBasics
import DetSearch
import DetSpec

/// What a run keeps of the plan it was begun with, so that it can go on when plan, data or run have moved.
///
/// `plan.json` has paths from the run's own folder, so that it is a plan by itself; the store has them as the user's file has
/// them, and where that file was.
struct KeptPlan {
  /// The plan as the user's file had it.
  let written: Plan
  /// Where that file was; nil in runs of the first version, which kept all paths from the root.
  let folder: String?
  /// The plan of the run's own file; nil when that is gone.
  let own: Plan?
  /// The keys that plans did not have yet when the run was begun; it goes on without them.
  let lateKeys: Set<Plan.LateKey>

  private static let planFact = "plan"
  private static let folderFact = "planFolder"

  /// Reads what a run keeps.
  init(_ store: Store, _ run: RunFolder) throws {
    let own = run.isBegun ? try Files.text(run.plan) : nil
    let kept = try store.fact(Self.planFact)
    guard let text = kept ?? own else {
      throw ExecutionError.run(
        path: run.path, problem: "has lost its plan", cure: "put plan.json back from a copy")
    }
    let source = kept == nil ? run.plan : run.store
    let lateKeys = Plan.lateKeys(
      missingIn: try JSON.decode(
        JSONValue.self, from: text, source: source, allowsComments: true))
    self.lateKeys = lateKeys
    written = try Plan(text: text, source: source).without(lateKeys)
    self.own = try own.map { try Plan(text: $0, source: run.plan).without(lateKeys) }
    folder = try store.fact(Self.folderFact)
  }

  /// Keeps a plan; of a run that was begun before some keys came, without these.
  static func write(
    _ plan: PlacedPlan, without lateKeys: Set<Plan.LateKey> = [], _ store: Store, _ run: RunFolder
  ) throws {
    try store.setFact(planFact, JSON.text(plan.written.written(without: lateKeys)))
    try store.setFact(folderFact, plan.absoluteFolder)
    // The plan's file is written last: a folder with one holds a run.
    let own = try plan.moved(to: run.path).written(without: lateKeys)
    try AtomicFile.write(JSON.text(own, pretty: true) + "\n", to: run.plan)
  }

  /// Whether a plan is the run's own file, unchanged: then what is kept of the user's stays.
  func isOwn(_ plan: PlacedPlan, _ run: RunFolder) -> Bool {
    plan.written == own && FilePath.real(plan.folder) == FilePath.real(run.path)
  }

  /// The keys in which a plan describes another search than this one.
  ///
  /// Files are the same when they are in the same place seen from the plan, from the root, or from the run: so the plan, the
  /// run or all together may have moved.
  func changes(
    in plan: PlacedPlan, run: RunFolder, begun: Set<SearchStage>
  ) throws -> [String] {
    var pairs: [(Plan, Plan)] = []
    if let folder {
      pairs = [
        (written, plan.written), (try plan.place(written, in: folder), try plan.absolute()),
      ]
      if let own { pairs.append((own, try plan.moved(to: run.path))) }
    } else {
      pairs = [(written, try plan.absolute())]
      if let own { pairs.append((own, try plan.moved(to: run.path))) }
      if let folder = try plan.folder(behind: written) {
        pairs.append((written, try plan.place(plan.written, in: folder)))
      }
    }
    let changes = try pairs.map { try $0.changes(in: $1, begun: begun) }
    return changes.contains([]) ? [] : changes[0]
  }
}

package import DetBasics

extension Plan {
  /// Keys that decide what a search finds and that plans did not have from the start, each with what was done before it came.
  ///
  /// A run that was begun without one goes on without it, whatever a plan says by default today.
  package enum LateKey: String, CaseIterable, Hashable, Sendable {
    /// Before there were others, the paper's evolution chose stage one's designs.
    case structuralSearcher = "structural.searcher"
    /// The same in stage two.
    case modularSearcher = "modular.searcher"
    /// No pick was trained itself.
    case modularBaseline = "modular.baseline"
    /// Stage one left no design out.
    case structuralPruning = "structural.pruning"
    /// Every training went to its end.
    case structuralStopping = "structural.earlyStopping"
    /// The same in stage two.
    case modularStopping = "modular.earlyStopping"
    /// Every design was trained once.
    case structuralReseeds = "structural.reseedShare"
    /// The same in stage two.
    case modularReseeds = "modular.reseedShare"

    private var path: [String] { rawValue.split(separator: ".").map(String.init) }

    /// Makes a plan do what was done before the key came.
    func unlearn(_ plan: inout Plan) {
      switch self {
      case .structuralSearcher: plan.structural?.searcher = .evolution
      case .modularSearcher: plan.modular?.searcher = .evolution
      case .modularBaseline: plan.modular?.baseline = false
      case .structuralPruning: plan.structural?.pruning = false
      case .structuralStopping: plan.structural?.earlyStopping = false
      case .modularStopping: plan.modular?.earlyStopping = false
      case .structuralReseeds: plan.structural?.reseedShare = 0
      case .modularReseeds: plan.modular?.reseedShare = 0
      }
    }

    /// Whether a written plan has the key's section, but not the key.
    func isMissing(in written: JSONValue) -> Bool {
      guard let section = written[path[0]], case .object = section else { return false }
      return section[path[1]] == nil
    }

    /// Takes the key out of a written plan.
    func remove(from written: inout JSONValue) {
      guard case .object(var sections) = written, case .object(var section)? = sections[path[0]]
      else { return }
      section[path[1]] = nil
      sections[path[0]] = .object(section)
      written = .object(sections)
    }
  }

  /// The late keys that a written plan with every value does not have.
  package static func lateKeys(missingIn written: JSONValue) -> Set<LateKey> {
    Set(LateKey.allCases.filter { $0.isMissing(in: written) })
  }

  /// The plan as it was understood before some keys came.
  package func without(_ keys: Set<LateKey>) -> Plan {
    var plan = self
    for key in keys { key.unlearn(&plan) }
    return plan
  }

  /// The plan as it is written without some keys.
  package func written(without keys: Set<LateKey>) throws -> JSONValue {
    var written = try JSON.value(self)
    for key in keys { key.remove(from: &written) }
    return written
  }
}

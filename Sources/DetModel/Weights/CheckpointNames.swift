import DetSpec
import DetTensor

/// What the names in a checkpoint mean: what programs put before them, and names that torchvision had earlier.
///
/// A prefix is found, not known: it is what stands before names of the model, up to a full stop, for as many tensors
/// as possible. So any wrapper, and any model that holds this one as a part, is understood.
struct CheckpointNames {
  /// Where a detector's backbone lies; a bare backbone, or a classifier, has no such prefix.
  static let body = "backbone.body."

  /// How names of a file become names of the model: what is taken off them, and what is put before them instead.
  struct Reading: Hashable {
    /// What all names begin with that are of the model.
    let prefix: String
    /// Whether words of wrappers inside names are left out as well.
    let unwraps: Bool
    /// The part of the model that the names speak of: all of it, or its backbone.
    let part: String

    /// The name that the model would have for a tensor of the file; nil for one that is of no part of the model.
    func modelName(_ name: String) -> String? {
      let bare = unwraps ? CheckpointNames.unwrapped(name) : name
      return bare.hasPrefix(prefix)
        ? part + CheckpointNames.modern(String(bare.dropFirst(prefix.count))) : nil
    }
  }

  /// The reading by which most of the file fits the model.
  let reading: Reading
  /// Prefixes of other tensors of the file, at least half as many, that fit the model too.
  let otherPrefixes: [String]

  /// Looks at all tensors of a file, which is going to fill a model whose backbone lies under `body`.
  init(_ file: [WeightShape], model: [WeightShape], body: String) {
    let shapes = Dictionary(model.map { ($0.name, $0.shape) }) { first, _ in first }
    let parts = body.isEmpty ? [""] : ["", body]
    var fits: [Reading: Fit] = [:]
    for (place, tensor) in file.enumerated() where !Self.isCounter(tensor.name) {
      for unwraps in Self.unwraps(tensor.name) ? [false, true] : [false] {
        let name = unwraps ? Self.unwrapped(tensor.name) : tensor.name
        for (prefix, rest) in Self.cuts(name) {
          let modern = Self.modern(rest)
          for part in parts {
            guard let shape = shapes[part + modern] else { continue }
            let reading = Reading(prefix: prefix, unwraps: unwraps, part: part)
            fits[reading, default: Fit()].add(place, fits: shape == tensor.shape)
          }
        }
      }
    }
    let best = fits.values.map(\.score).max() ?? 0
    let ranked = fits.filter { 2 * $0.value.score >= best }
      .sorted { Self.rank($0).lexicographicallyPrecedes(Self.rank($1)) }
    guard let first = ranked.first else {
      reading = Reading(prefix: "", unwraps: false, part: body)
      otherPrefixes = []
      return
    }
    reading = first.key
    var taken = first.value.tensors
    var others: [String] = []
    for (reading, fit) in ranked where fit.tensors.isDisjoint(with: taken) {
      taken.formUnion(fit.tensors)
      others.append(reading.prefix)
    }
    otherPrefixes = others
  }

  /// The tensors of a file that a reading gives names of the model.
  private struct Fit {
    var tensors: Set<Int> = []
    var shapes = 0

    /// A tensor of the right shape says more than one of the right name.
    var score: Int { shapes * 4 + tensors.count }

    mutating func add(_ tensor: Int, fits: Bool) {
      if tensors.insert(tensor).inserted, fits { shapes += 1 }
    }
  }

  /// Averages come behind what they are averages of; then what fits best comes first, of equals the first in the file.
  private static func rank(_ candidate: (key: Reading, value: Fit)) -> [Int] {
    let (reading, fit) = candidate
    return [
      AveragedCopy.isNamed(reading.prefix) ? 1 : 0, -fit.score, reading.unwraps ? 1 : 0,
      fit.tensors.min() ?? 0, reading.prefix.count, reading.part.count,
    ]
  }

  /// The deepest prefix that is looked for.
  private static let mostWords = 12

  /// A name cut behind nothing and behind each of its first full stops.
  private static func cuts(_ name: String) -> [(prefix: String, rest: String)] {
    var cuts = [(prefix: "", rest: name)]
    var place = name.startIndex
    while cuts.count <= mostWords, let stop = name[place...].firstIndex(of: ".") {
      place = name.index(after: stop)
      cuts.append((String(name[..<place]), String(name[place...])))
    }
    return cuts
  }

  /// The words that PyTorch's wrappers put before the names of what they wrap, which may be a part within a name.
  private static let wrappers: Set<Substring> = [
    "module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module",
  ]

  private static func unwraps(_ name: String) -> Bool {
    name.split(separator: ".").contains { wrappers.contains($0) }
  }

  private static func unwrapped(_ name: String) -> String {
    name.split(separator: ".", omittingEmptySubsequences: false).filter { !wrappers.contains($0) }
      .joined(separator: ".")
  }

  /// Counters of batch normalisation, which only training in PyTorch uses.
  static func isCounter(_ name: String) -> Bool { name.hasSuffix("num_batches_tracked") }

  /// The name in today's torchvision of a tensor whose name is from before version 0.12, as in its published files.
  static func modern(_ name: String) -> String {
    let words = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let leaf = words.last, leaf == "weight" || leaf == "bias" else { return name }
    let parent = words.dropLast()
    switch Array(parent.dropLast()) + [parent.last.map { Int($0) == nil ? $0 : "N" } ?? ""] {
    case ["rpn", "head", "conv"]:
      return "rpn.head.conv.0.0.\(leaf)"
    case ["backbone", "fpn", "inner_blocks", "N"], ["backbone", "fpn", "layer_blocks", "N"]:
      return "\(parent.joined(separator: ".")).0.\(leaf)"
    case ["head", "classification_head", "conv", "N"], ["head", "regression_head", "conv", "N"]:
      // Convolutions alternated with activations: 0, 2, 4, 6.
      let place = parent.last.flatMap { Int($0) } ?? 0
      return "\(parent.dropLast().joined(separator: ".")).\(place / 2).0.\(leaf)"
    default: return name
    }
  }
}

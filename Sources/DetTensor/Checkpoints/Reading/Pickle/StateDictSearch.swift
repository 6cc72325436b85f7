internal import Foundation

/// Looks for state dicts in a pickle: dictionaries, or whole modules, whose values are tensors by name.
///
/// Training programs keep them under any key, at any depth, beside arguments, schedules and states of optimizers. So all that
/// can be reached is looked at once. The states of optimizers, whose tensors belong to numbers and not to names, are none.
struct StateDictSearch {
  /// A state dict.
  struct Found {
    /// The keys that lead to it.
    let place: [String]
    let tensors: [(name: String, value: PickleValue)]
  }

  private struct Node {
    let value: PickleValue
    let parent: Int?
    let word: String?
  }

  private let contents: PickleContents
  private let isTensor: (PickleValue) -> Bool
  private var nodes: [Node] = []
  private var seenSequences: [Bool]
  private var seenDictionaries: [Bool]
  private var seenObjects: [Bool]
  private var found: [Found] = []

  /// All state dicts worth taking: the best first, then those with at least half of the tensors of the largest.
  ///
  /// Of several, those that are no averages of another come first, then the largest, then the first in the file.
  static func run(_ contents: PickleContents, isTensor: (PickleValue) -> Bool) -> [Found] {
    withoutActuallyEscaping(isTensor) { isTensor in
      var search = StateDictSearch(contents, isTensor)
      search.walk()
      let most = search.found.map(\.tensors.count).max() ?? 0
      let large = search.found.filter { 2 * $0.tensors.count >= most }
      return large.enumerated().sorted { rank($0).lexicographicallyPrecedes(rank($1)) }.map(
        \.element)
    }
  }

  private static func rank(_ found: (offset: Int, element: Found)) -> [Int] {
    let isAveraged = found.element.place.contains { AveragedCopy.isNamed($0) }
    return [isAveraged ? 1 : 0, -found.element.tensors.count, found.offset]
  }

  private init(_ contents: PickleContents, _ isTensor: @escaping (PickleValue) -> Bool) {
    self.contents = contents
    self.isTensor = isTensor
    seenSequences = Array(repeating: false, count: contents.sequences.count)
    seenDictionaries = Array(repeating: false, count: contents.dictionaries.count)
    seenObjects = Array(repeating: false, count: contents.objects.count)
  }

  /// Whether a value is a container that was not looked at yet; it counts as looked at from then on.
  private mutating func meets(_ value: PickleValue) -> Bool {
    func take(_ seen: inout [Bool], _ number: Int) -> Bool {
      defer { seen[number] = true }
      return !seen[number]
    }
    switch value {
    case .sequence(let number): return take(&seenSequences, number)
    case .dictionary(let number): return take(&seenDictionaries, number)
    case .object(let number): return take(&seenObjects, number)
    case .none, .bool, .whole, .large, .real, .text, .bytes, .global, .persistent: return false
    }
  }

  private mutating func walk() {
    add(contents.root, parent: nil, word: nil)
    var next = 0
    while next < nodes.count {
      look(at: next)
      next += 1
    }
  }

  private mutating func add(_ value: PickleValue, parent: Int?, word: String?) {
    if !isTensor(value), meets(value) {
      nodes.append(Node(value: value, parent: parent, word: word))
    }
  }

  private mutating func look(at number: Int) {
    let value = nodes[number].value
    if let module = module(value) {
      if !module.isEmpty { found.append(Found(place: place(number), tensors: module)) }
      return
    }
    if let pairs = contents.pairs(value) {
      let named = pairs.compactMap { pair in
        pair.key.text.flatMap { isTensor(pair.value) ? (name: $0, value: pair.value) : nil }
      }
      if !named.isEmpty { found.append(Found(place: place(number), tensors: named)) }
      for case (.text(let key), let inner) in pairs where !key.lowercased().hasPrefix("optim") {
        add(inner, parent: number, word: key)
      }
    }
    for (index, inner) in (contents.elements(value) ?? []).enumerated() {
      add(inner, parent: number, word: String(index))
    }
    guard let object = contents.object(value) else { return }
    for inner in [object.arguments, object.state] + object.elements {
      add(inner, parent: number, word: nil)
    }
  }

  private func place(_ number: Int) -> [String] {
    var words: [String] = []
    var next: Int? = number
    while let node = next.map({ nodes[$0] }) {
      if let word = node.word { words.append(word) }
      next = node.parent
    }
    return words.reversed()
  }

  // MARK: - Modules that were saved whole

  /// The tensors of a module of PyTorch under the names of its state dict; nil for anything else.
  private mutating func module(_ value: PickleValue) -> [(name: String, value: PickleValue)]? {
    guard attributes(value) != nil else { return nil }
    var result: [(name: String, value: PickleValue)] = []
    var open: [(prefix: String, value: PickleValue)] = [("", value)]
    var length = 0
    while let (prefix, module) = open.popLast() {
      guard let attributes = attributes(module), length < Self.mostCharacters else { continue }
      for key in ["_parameters", "_buffers"] {
        for case (.text(let name), let tensor) in attributes[key].flatMap({ contents.pairs($0) })
          ?? []
        where isTensor(tensor) {
          result.append((prefix + name, tensor))
          length += prefix.utf8.count + name.utf8.count
        }
      }
      let parts = attributes["_modules"].flatMap { contents.pairs($0) } ?? []
      for case (.text(let name), let part) in parts.reversed() where meets(part) {
        open.append(("\(prefix)\(name).", part))
        length += prefix.utf8.count + name.utf8.count
      }
    }
    return result
  }

  /// What the names of a module may take together: without a bound, a module in a module in a module … takes their number squared.
  private static let mostCharacters = 64 << 20

  /// The attributes of a module; nil for what is none.
  private func attributes(_ value: PickleValue) -> [String: PickleValue]? {
    guard let object = contents.object(value), let pairs = contents.pairs(object.state) else {
      return nil
    }
    let wanted: Set = ["_parameters", "_buffers", "_modules"]
    let own = pairs.compactMap { pair in
      pair.key.text.flatMap { wanted.contains($0) ? ($0, pair.value) : nil }
    }
    return own.count < wanted.count ? nil : Dictionary(own) { first, _ in first }
  }
}

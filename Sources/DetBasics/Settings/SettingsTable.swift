/// The keys of a group of settings, each declared once: its name, the property it stands for, what it means and what
/// its value must be. From there it is read, written, checked and documented.
///
/// A key's default is its property's, so that a value made in code and one read from an empty object agree.
///
/// ```swift
/// static let settings = SettingsTable<Latency> {
///   $0.add("runs", \.runs, "Single-image runs that are timed.", .atLeast(1))
///   $0.optional("device", \.device, "Where it runs; the machine's own choice when left out.")
/// }
/// ```
package struct SettingsTable<Root: Sendable>: Sendable {
  /// The property that a key stands for.
  package typealias Path<Value> = any WritableKeyPath<Root, Value> & Sendable

  /// The keys in the order in which they are read and documented.
  private(set) var entries: [SettingsEntry<Root>] = []
  /// What must hold of several keys together.
  private(set) var checks: [@Sendable (Root) -> SettingProblem?] = []

  /// Declares the keys, one after another.
  package init(_ declare: (inout SettingsTable) -> Void) { declare(&self) }

  /// The names of the keys.
  package var names: [String] { entries.map(\.name) }

  /// The names of those keys that have a value.
  package func given(in root: Root) -> [String] {
    entries.filter { $0.isGiven(root) }.map(\.name)
  }

  /// Changes every path among the values, as from relative to absolute.
  package func changePaths(of root: inout Root, _ change: (String) -> String) {
    for path in entries.compactMap(\.path) {
      if let text = root[keyPath: path] { root[keyPath: path] = change(text) }
    }
  }

  /// Takes over the keys of another table; a key that is here already stays as it is.
  package mutating func include(_ other: SettingsTable) {
    let known = Set(names)
    entries += other.entries.filter { !known.contains($0.name) }
    checks += other.checks
  }

  /// Adds what must hold of several keys together: a sentence that says what is wrong, nil when nothing is.
  package mutating func check(_ problem: @escaping @Sendable (Root) -> String?) {
    checks.append { root in problem(root).map { SettingProblem(sentence: $0) } }
  }

  mutating func append(_ entry: SettingsEntry<Root>) {
    precondition(!names.contains(entry.name), "the key \(entry.name) is declared twice")
    entries.append(entry)
  }

  /// Leaves the key that was added last unwritten where it has a value: for keys that came later, so that what earlier
  /// versions wrote stays the same to the byte.
  package mutating func leaveUnwritten<Value: Equatable & Sendable>(
    _ path: Path<Value>, at value: Value
  ) {
    let write = entries[entries.count - 1].write
    entries[entries.count - 1].write = { root, container in
      if root[keyPath: path] != value { try write(root, &container) }
    }
  }

  mutating func markPath(_ path: Path<String?>) {
    entries[entries.count - 1].path = path
  }
}

/// What a table knows of one key.
struct SettingsEntry<Root: Sendable>: Sendable {
  typealias Reader = KeyedDecodingContainer<SettingKey>
  typealias Writer = KeyedEncodingContainer<SettingKey>

  let name: String
  /// What is documented: one line, or one for each key of a group.
  let reference: @Sendable (_ defaults: Root) -> [SettingReference]
  /// Whether it has a value; false only for what is optional.
  var isGiven: @Sendable (Root) -> Bool = { _ in true }
  /// The property, where its text is a path.
  var path: SettingsTable<Root>.Path<String?>?
  /// Takes the value, where there is one.
  let read: @Sendable (inout Root, Reader) throws -> Void
  var write: @Sendable (Root, inout Writer) throws -> Void
  /// Why the value cannot be; nil when it can.
  let problem: @Sendable (Root) -> SettingProblem?
}

/// A key by its name.
struct SettingKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { return nil }
}

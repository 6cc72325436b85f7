extension SettingsTable {
  /// A key for an object of which only some keys may be given; the others keep their values.
  package mutating func group<Part: Sendable>(
    _ name: String, _ path: Path<Part>, _ table: SettingsTable<Part>
  ) {
    let key = SettingKey(name)
    append(
      SettingsEntry(
        name: name,
        reference: { root in
          table.reference(root[keyPath: path]).map { line in
            var line = line
            line.key = "\(name).\(line.key)"
            return line
          }
        },
        read: { root, container in
          guard container.contains(key) else { return }
          try table.read(&root[keyPath: path], from: container.superDecoder(forKey: key))
        },
        write: { root, container in
          try table.write(root[keyPath: path], to: container.superEncoder(forKey: key))
        },
        problem: { root in
          guard var problem = table.problem(in: root[keyPath: path]) else { return nil }
          problem.keys.insert(name, at: 0)
          return problem
        }))
  }

  /// A key that is not a property, which the type reads and writes itself; here it is known and documented.
  package mutating func extra(
    _ name: String, form: String, default text: String?, _ help: String, rule: String = ""
  ) {
    append(
      SettingsEntry(
        name: name,
        reference: { _ in
          [SettingReference(key: name, form: form, default: text, rule: rule, meaning: help)]
        },
        isGiven: { _ in false }, read: { _, _ in }, write: { _, _ in }, problem: { _ in nil }))
  }

  /// The key "version": what is read must have this one, which is that of a text without the key.
  package mutating func version(_ version: Int) {
    let name = "version"
    append(
      SettingsEntry(
        name: name,
        reference: { _ in
          [
            SettingReference(
              key: name, form: Int.form, default: "\(version)", rule: "\(version)",
              meaning: "The version of the format.")
          ]
        },
        read: { _, container in
          let given = try container.decodeIfPresent(Int.self, forKey: SettingKey(name)) ?? version
          guard given == version else {
            throw SettingProblem(name, "is \(given); this program reads version \(version)")
          }
        },
        write: { _, container in try container.encode(version, forKey: SettingKey(name)) },
        problem: { _ in nil }))
  }
}

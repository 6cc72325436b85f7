extension SettingsTable {
  /// A key that always has a value.
  ///
  /// - Parameters:
  ///   - name: The key.
  ///   - path: Its property, whose first value is the default.
  ///   - help: What it means, in a sentence.
  ///   - rule: What the value must be.
  ///   - fallback: The default where it follows from keys that stand before it.
  package mutating func add<Value: SettingValue>(
    _ name: String, _ path: Path<Value>, _ help: String,
    _ rule: SettingRule<Root, Value> = .any, fallback: SettingFallback<Root, Value>? = nil
  ) {
    add(name, path, as: SettingForm(), help, rule, fallback: fallback)
  }

  /// A key whose value is written in another form than the property has.
  package mutating func add<Value: Sendable, Written: SettingValue>(
    _ name: String, _ path: Path<Value>,
    as form: SettingForm<Value, Written>, _ help: String,
    _ rule: SettingRule<Root, Value> = .any, fallback: SettingFallback<Root, Value>? = nil
  ) {
    let key = SettingKey(name)
    append(
      SettingsEntry(
        name: name,
        reference: { root in
          let text = fallback?.words ?? form.write(root[keyPath: path]).shown
          return [
            SettingReference(
              key: name, form: form.words, default: text, rule: rule.words, meaning: help)
          ]
        },
        read: { root, container in
          if let value = try container.decodeIfPresent(Written.self, forKey: key) {
            root[keyPath: path] = try form.read(value, name)
          } else if let fallback {
            root[keyPath: path] = fallback.value(root)
          }
        },
        write: { root, container in
          try container.encode(form.write(root[keyPath: path]), forKey: key)
        },
        problem: { root in
          rule.problem(root[keyPath: path], root).map { SettingProblem(name, $0) }
        }))
  }

  /// A key that must be given.
  package mutating func required<Value: SettingValue>(
    _ name: String, _ path: Path<Value>, _ help: String,
    _ rule: SettingRule<Root, Value> = .any
  ) {
    required(name, path, as: SettingForm(), help, rule)
  }

  /// A key that must be given, and whose value is written in another form than the property has.
  package mutating func required<Value: Sendable, Written: SettingValue>(
    _ name: String, _ path: Path<Value>,
    as form: SettingForm<Value, Written>, _ help: String,
    _ rule: SettingRule<Root, Value> = .any
  ) {
    let key = SettingKey(name)
    append(
      SettingsEntry(
        name: name,
        reference: { _ in
          [
            SettingReference(
              key: name, form: form.words, default: nil, rule: rule.words, meaning: help)
          ]
        },
        read: { root, container in
          root[keyPath: path] = try form.read(container.decode(Written.self, forKey: key), name)
        },
        write: { root, container in
          try container.encode(form.write(root[keyPath: path]), forKey: key)
        },
        problem: { root in
          rule.problem(root[keyPath: path], root).map { SettingProblem(name, $0) }
        }))
  }

  /// A key that may have no value.
  ///
  /// - Parameters:
  ///   - name: The key.
  ///   - path: Its property.
  ///   - help: What it means, in a sentence.
  ///   - rule: What the value must be, where there is one.
  ///   - form: What to write, in a word or two for the reference.
  ///   - absent: What is documented as the default.
  ///   - isRequired: Whether it must be given; then the error names `absent`.
  ///   - writesNull: Whether `null` is written where there is none, rather than nothing.
  package mutating func optional<Value: SettingValue>(
    _ name: String, _ path: Path<Value?>, _ help: String,
    _ rule: SettingRule<Root, Value> = .any, form: String = Value.form, absent: String = "none",
    isRequired: Bool = false, writesNull: Bool = false
  ) {
    let key = SettingKey(name)
    append(
      SettingsEntry(
        name: name,
        reference: { root in
          let text = root[keyPath: path]?.shown
          return [
            SettingReference(
              key: name, form: form, default: isRequired ? nil : text ?? absent,
              rule: rule.words, meaning: help)
          ]
        },
        isGiven: { $0[keyPath: path] != nil },
        read: { root, container in
          if let value = try container.decodeIfPresent(Value.self, forKey: key) {
            root[keyPath: path] = value
          }
        },
        write: { root, container in
          let value = root[keyPath: path]
          if value != nil || writesNull { try container.encode(value, forKey: key) }
        },
        problem: { root in
          guard let value = root[keyPath: path] else {
            guard isRequired else { return nil }
            return SettingProblem(sentence: "the key \"\(name)\" is missing: \(absent)")
          }
          return rule.problem(value, root).map { SettingProblem(name, $0) }
        }))
  }

  /// A key for the path of a file or folder, which may have no value; see ``changePaths(of:_:)``.
  package mutating func path(
    _ name: String, _ path: Path<String?>, _ help: String,
    absent: String = "none", isRequired: Bool = false
  ) {
    optional(name, path, help, form: "path", absent: absent, isRequired: isRequired)
    markPath(path)
  }
}

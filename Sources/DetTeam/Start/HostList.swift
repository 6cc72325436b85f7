/// Slurm's way of naming many machines, as in `gpu[003-006,9],login`.
enum HostList {
  /// The first machine of a list; nil when it names none.
  static func first(of list: String) -> String? {
    var name = ""
    var rest = Substring(list)
    while let character = rest.popFirst(), character != "," {
      guard character == "[" else {
        name.append(character)
        continue
      }
      guard let end = rest.firstIndex(of: "]") else { return nil }
      let numbers = rest[..<end]
      name += numbers.prefix { $0 != "," && $0 != "-" }
      rest = rest[end...].dropFirst()
    }
    let isName = name.allSatisfy { $0.isLetter || $0.isNumber || "-._:".contains($0) }
    return name.isEmpty || !isName ? nil : name
  }
}

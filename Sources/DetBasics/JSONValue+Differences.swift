extension JSONValue {
  /// Where another value differs, a line for each place: `recipe.epochs: 2 → 4`.
  ///
  /// - Parameters:
  ///   - other: the value it is compared with.
  ///   - free: places that may differ, as `recipe.pretrained`.
  /// - Returns: the lines, sorted by place; none where the two are equal.
  package func differences(from other: JSONValue, free: Set<String> = []) -> [String] {
    Self.differences(self, other, path: "", free: free)
  }

  private static func differences(
    _ left: JSONValue?, _ right: JSONValue?, path: String, free: Set<String>
  ) -> [String] {
    guard left != right, !free.contains(path) else { return [] }
    if case .object(let mine)? = left, case .object(let others)? = right {
      return Set(mine.keys).union(others.keys).sorted().flatMap { key in
        differences(
          mine[key], others[key], path: path.isEmpty ? key : "\(path).\(key)", free: free)
      }
    }
    return ["\(path): \(text(left)) → \(text(right))"]
  }

  private static func text(_ value: JSONValue?) -> String {
    guard let value, let text = try? JSON.text(value) else { return "nothing" }
    return text.count > 80 ? text.prefix(77) + "…" : text
  }
}

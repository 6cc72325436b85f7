/// What an expression threw, in words; empty when it threw nothing.
public func thrown(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return ""
  } catch {
    return "\(error)"
  }
}

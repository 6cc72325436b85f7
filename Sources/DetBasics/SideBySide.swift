import Foundation

/// Work on all cores.
package enum SideBySide {
  /// What a body gives for each number below a count, in their order; it is called on several threads at once.
  package static func map<Value>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
    let results = OrderedResults<Value>(count: count)
    DispatchQueue.concurrentPerform(iterations: count) { results.set($0, body($0)) }
    return results.values
  }

  /// The same with a body that may throw: of several errors that of the lowest number.
  package static func map<Value>(
    _ count: Int, _ body: @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    let results: [Result<Value, any Error>] = map(count) { index in Result { try body(index) } }
    return try results.map { try $0.get() }
  }
}

/// Results that several threads store, each at its own place.
private final class OrderedResults<Value>: @unchecked Sendable {
  private let lock = NSLock()  // guards `list`
  private var list: [Value?]

  init(count: Int) { list = Array(repeating: nil, count: count) }

  func set(_ index: Int, _ value: Value) {
    lock.lock()
    list[index] = value
    lock.unlock()
  }

  /// What has been stored, in order.
  var values: [Value] {
    lock.lock()
    defer { lock.unlock() }
    return list.compactMap { $0 }
  }
}

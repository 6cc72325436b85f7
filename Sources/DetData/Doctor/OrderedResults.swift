import Foundation

/// Results that several threads store, each at its own place.
final class OrderedResults<Value>: @unchecked Sendable {
  private let lock = NSLock()  // guards `list`
  private var list: [Value?]

  init(count: Int) { list = Array(repeating: nil, count: count) }

  func set(_ index: Int, _ value: Value) {
    lock.lock()
    list[index] = value
    lock.unlock()
  }

  /// What has been stored, in order.
  var values: [Value?] {
    lock.lock()
    defer { lock.unlock() }
    return list
  }
}

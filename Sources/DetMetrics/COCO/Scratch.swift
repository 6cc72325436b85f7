/// Room for plain values that is made once per thread and grows, so that inner loops never allocate.
final class Scratch<Element: BitwiseCopyable> {
  @exclusivity(unchecked) private(set) var base: UnsafeMutablePointer<Element>
  private var capacity: Int

  init() {
    capacity = 64
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// Makes room for `count` values; what was there is lost when the room has to grow.
  func reserve(_ count: Int) {
    guard count > capacity else { return }
    base.deallocate()
    capacity = max(count, 2 * capacity)
    base = .allocate(capacity: capacity)
  }

  @inline(__always)
  subscript(place: Int) -> Element {
    get { base[place] }
    set { base[place] = newValue }
  }
}

/// Room for plain values that is made once per thread and grows, so that inner loops never allocate.
struct Scratch<Element: BitwiseCopyable>: ~Copyable {
  private(set) var base: UnsafeMutablePointer<Element>
  private var capacity: Int

  init() {
    capacity = 64
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// Makes room for `count` values; what was there is lost when the room has to grow.
  mutating func reserve(_ count: Int) {
    guard count > capacity else { return }
    base.deallocate()
    capacity = max(count, 2 * capacity)
    base = .allocate(capacity: capacity)
  }

  subscript(place: Int) -> Element {
    @inline(__always) get { base[place] }
    @inline(__always) nonmutating set { base[place] = newValue }
  }
}

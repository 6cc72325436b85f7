extension Int {
  /// So many of something, for people: `1 trial`, `3 trials`; `plural` where an s is not enough.
  package func of(_ noun: String, plural: String? = nil) -> String {
    "\(self) \(self == 1 ? noun : plural ?? noun + "s")"
  }
}

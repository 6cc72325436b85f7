extension Store {
  /// When each trial ended, in seconds since 1970, by its number.
  func endings() throws -> [Int: Double] {
    var endings: [Int: Double] = [:]
    for row in try database.query("SELECT trial, ended FROM outcomes") {
      guard let trial = row.integer("trial") else { continue }
      endings[trial] = row.real("ended")
    }
    return endings
  }
}

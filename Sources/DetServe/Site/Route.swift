/// Every address that there is. No part of one is ever used as a path of a file.
enum Route: Equatable {
  /// What there is of a run, by its number from 1.
  enum OfRun: Equatable {
    case page
    case events
    /// A picture by the address that the page has given it.
    case picture(String)
  }

  case home
  case homeEvents
  case script
  case plotly
  case run(Int, OfRun)
  /// A run's address without its last slash.
  case toRun(Int)

  init?(_ path: [String]) {
    switch path.count {
    case 1 where path[0].isEmpty: self = .home
    case 1 where path[0] == "events": self = .homeEvents
    case 1 where path[0] == "page.js": self = .script
    case 1 where path[0] == "plotly.js": self = .plotly
    case 2... where path[0] == "run":
      guard let number = Self.number(path[1]) else { return nil }
      let rest = Array(path[2...])
      switch rest.first {
      case nil: self = .toRun(number)
      case "" where rest.count == 1: self = .run(number, .page)
      case "events" where rest.count == 1: self = .run(number, .events)
      case "pictures" where rest.count == 4:
        self = .run(number, .picture(rest.joined(separator: "/")))
      default: return nil
      }
    default: return nil
    }
  }

  /// A run's number, written in one way only.
  private static func number(_ text: String) -> Int? {
    guard text.utf8.count <= 4, let number = Int(text), number > 0, String(number) == text else {
      return nil
    }
    return number
  }
}

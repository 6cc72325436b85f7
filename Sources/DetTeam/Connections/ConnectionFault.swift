import Foundation

/// What happened to a connection.
enum ConnectionFault: Error, CustomStringConvertible {
  case closed
  case late
  case garbled
  case system(Int32)

  var description: String {
    switch self {
    case .closed: "its connection closed"
    case .late: "it did not answer"
    case .garbled: "it answers in another language"
    case .system(let number): String(cString: strerror(number))
    }
  }
}

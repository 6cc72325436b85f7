import DetBasics
import Foundation

/// What ranks say to one another beside the numbers.
enum TeamMessage: Codable, Equatable, Sendable {
  /// A rank to rank 0: who it is.
  case hello(Hello)
  /// Rank 0 to every rank: where each rank waits for the one before it, and the word by which they know one another.
  case table([Place], token: String)
  /// Rank 0 to a rank that does not fit.
  case refusal(String)
  /// A rank to the next one of the ring.
  case link(rank: Int, token: String)
  /// A sign of life.
  case alive
  /// A rank is gone.
  case lost(rank: Int, how: String)
  /// A rank cannot go on.
  case failed(rank: Int, reason: String)
  /// A rank begins again, in this way, and all others should.
  case beginningAgain(rank: Int, request: String)
  /// A rank has done all it had to do.
  case leaving(rank: Int)

  /// Who a rank is.
  struct Hello: Codable, Equatable, Sendable {
    let greeting: String
    let version: String
    let rank: Int
    let count: Int
    let run: String
    let port: Int
  }

  /// Where a rank can be reached.
  struct Place: Codable, Equatable, Sendable {
    let host: String
    let port: Int
  }

  /// The longest message that is read; a stranger's may be anything.
  private static let mostBytes = 1 << 20

  /// The length in four bytes, then JSON.
  func bytes() throws -> [UInt8] {
    let body = try JSON.encode(self)
    return withUnsafeBytes(of: UInt32(body.count).littleEndian) { Array($0) } + body
  }

  /// The length that stands in the first four bytes.
  static func length(_ bytes: [UInt8]) throws -> Int {
    let count = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    guard count <= mostBytes else { throw ConnectionFault.garbled }
    return count
  }

  /// Takes the first message off received bytes; nil while it is not complete.
  static func take(from bytes: inout [UInt8]) throws -> TeamMessage? {
    guard bytes.count >= 4, case let count = try length(bytes), bytes.count >= 4 + count else {
      return nil
    }
    let body = Data(bytes[4..<4 + count])
    bytes.removeFirst(4 + count)
    guard let message = try? JSON.decode(TeamMessage.self, from: body, source: "a rank") else {
      throw ConnectionFault.garbled
    }
    return message
  }
}

extension Connection {
  func send(_ message: TeamMessage, _ deadline: Deadline) throws {
    try send(message.bytes(), deadline)
  }

  /// The next message; nothing behind it is read.
  func message(_ deadline: Deadline) throws -> TeamMessage {
    var bytes = try receive(4, deadline)
    bytes += try receive(TeamMessage.length(bytes), deadline)
    guard let message = try TeamMessage.take(from: &bytes) else { throw ConnectionFault.garbled }
    return message
  }
}

import DetBasics
import Foundation

/// How ranks find one another: all say who they are at rank 0's port, rank 0 tells each where the others are, and each
/// connects to the next one.
struct Rendezvous {
  /// The connections of one rank when all have met.
  struct Links {
    /// To rank 0; of rank 0 to every other.
    let control: [Int: Connection]
    /// To the next rank of the ring.
    let next: Connection
    /// From the rank before.
    let previous: Connection
  }

  /// The first words of a rank, which no other program says.
  static let greeting = "smnas team 1"

  let place: TeamPlace
  let version: String
  let times: TeamTimes

  func meet() throws -> Links {
    let own = try Listener(port: 0, at: place.ownAddress)
    let deadline = Deadline(seconds: times.joining)
    let (control, places, token) =
      place.rank == 0 ? try gather(own.port, deadline) : try report(own.port, deadline)
    let after = (place.rank + 1) % place.count
    let before = (place.rank + place.count - 1) % place.count
    do {
      let next = try Connection.open(places[after].host, places[after].port, deadline)
      try next.send(.link(rank: place.rank, token: token), deadline)
      let previous = try link(from: before, token, own, deadline)
      return Links(control: control, next: next, previous: previous)
    } catch let error as TeamError {
      throw error
    } catch {
      throw TeamError.refused(
        "rank \(place.rank) cannot reach rank \(after) at \(places[after].host) port \(places[after].port): \(error); "
          + "the machines of a team must reach one another at all ports above 1023")
    }
  }

  private func link(
    from before: Int, _ token: String, _ own: Listener, _ deadline: Deadline
  ) throws -> Connection {
    while let arrived = try own.accept(deadline) {
      let word = try? arrived.message(Deadline(seconds: times.courtesy))
      if word == .link(rank: before, token: token) { return arrived }
    }
    throw TeamError.missing([before], seconds: Int(times.joining))
  }
}

// MARK: - Every rank but the first

extension Rendezvous {
  private typealias Meeting = (
    control: [Int: Connection], places: [TeamMessage.Place], token: String
  )

  /// Says who this rank is until rank 0 listens, and waits for its answer.
  private func report(_ port: Int, _ deadline: Deadline) throws -> Meeting {
    let hello = TeamMessage.hello(
      .init(
        greeting: Self.greeting, version: version, rank: place.rank, count: place.count,
        run: place.run, port: port))
    var problem = "nobody is there"
    repeat {
      do {
        let connection = try Connection.open(place.address, place.port, deadline)
        try connection.send(hello, deadline)
        switch try connection.message(deadline) {
        case .table(let places, let token): return ([0: connection], places, token)
        case .refusal(let words): throw TeamError.refused(words)
        case .hello, .link, .alive, .lost, .failed, .beginningAgain, .leaving:
          throw ConnectionFault.garbled
        }
      } catch let error as TeamError {
        throw error
      } catch {
        problem = "\(error)"
      }
      // Rank 0 may start later than this one.
      usleep(100_000)
    } while !deadline.isOver
    throw TeamError.unreachable(
      address: "\(place.address) port \(place.port)", seconds: Int(times.joining), problem: problem)
  }
}

// MARK: - The first rank

extension Rendezvous {
  /// Waits for all ranks and tells each where the others are. Strangers are sent away.
  private func gather(_ port: Int, _ deadline: Deadline) throws -> Meeting {
    let listener: Listener
    do {
      listener = try Listener(port: place.port, at: place.ownAddress)
    } catch ConnectionFault.system(EADDRINUSE) {
      throw TeamError.portTaken(place.port)
    } catch {
      throw TeamError.refused("rank 0 cannot listen at port \(place.port): \(error)")
    }
    var arrived: [Int: (connection: Connection, place: TeamMessage.Place)] = [:]
    while arrived.count < place.count - 1 {
      guard let connection = try listener.accept(deadline) else {
        let missing = (1..<place.count).filter { arrived[$0] == nil }
        throw TeamError.missing(missing, seconds: Int(times.joining))
      }
      let word = try? connection.message(Deadline(seconds: times.courtesy))
      guard case .hello(let hello) = word, hello.greeting == Self.greeting else { continue }
      if let problem = objection(to: hello, known: Set(arrived.keys)) {
        for each in arrived.values.map(\.connection) + [connection] {
          try? each.send(.refusal(problem), Deadline(seconds: times.courtesy))
        }
        throw TeamError.refused(problem)
      }
      arrived[hello.rank] = (connection, .init(host: host(of: connection), port: hello.port))
    }
    let token = UUID().uuidString
    let places =
      [TeamMessage.Place(host: place.address, port: port)]
      + arrived.sorted { $0.key < $1.key }.map(\.value.place)
    for rank in arrived.values {
      try? rank.connection.send(.table(places, token: token), deadline)
    }
    return (arrived.mapValues(\.connection), places, token)
  }

  /// What does not fit about a rank, naming it.
  private func objection(to hello: TeamMessage.Hello, known: Set<Int>) -> String? {
    let rank = "rank \(hello.rank)"
    if hello.version != version {
      return
        "\(rank) is smnas \(hello.version), and rank 0 is \(version); run the same version everywhere"
    }
    if hello.count != place.count {
      return
        "\(rank) expects \(hello.count) ranks, and rank 0 \(place.count); give all the same number"
    }
    if hello.run != place.run {
      return
        "\(rank) belongs to the run \"\(hello.run)\", and rank 0 to \"\(place.run)\"; choose another MASTER_PORT"
    }
    if !(1..<place.count).contains(hello.rank) || known.contains(hello.rank) {
      return
        "\(rank) is there twice, or is no rank of \(place.count); give each process a rank of its own"
    }
    return nil
  }

  /// Where others reach a rank. One on rank 0's own machine may have come through a name for "this machine" that means
  /// another machine elsewhere.
  private func host(of connection: Connection) -> String {
    guard let host = SocketAddress(of: connection.descriptor, peer: true)?.words.host else {
      return place.address
    }
    let isLoopback = host == "::1" || host.hasPrefix("127.") || host.hasPrefix("::ffff:127.")
    return isLoopback ? place.address : host
  }
}

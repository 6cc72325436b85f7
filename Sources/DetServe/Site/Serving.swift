import DetBasics
import DetExecution
import Foundation
import Synchronization

/// A site on the network, with the thread that follows the runs.
package final class Serving: Sendable {
  /// How a site is served.
  package struct Settings: Sendable {
    /// The address, in numbers.
    package var address = "127.0.0.1"
    /// The port; 0 for any that is free.
    package var port = 0
    /// Other hosts by which it is reached.
    package var hosts: [String] = []
    /// What one must know to look; nil: nothing.
    package var token: String? = Gate.newToken()

    /// Loopback, a free port, a new token.
    package init() {}
  }

  private let site: Mutex<Site?>
  private let server: HTTPServer
  private let isOver = Mutex(false)
  /// The address to look at, with the token.
  package let address: String
  /// The port.
  package let port: Int

  /// Starts to serve runs.
  ///
  /// - Throws: an `ExecutionError` when a folder holds no run; a ``ServeError`` when nothing can listen.
  package init(_ folders: [String], plotly: String, _ settings: Settings = Settings()) throws {
    for folder in folders where !RunFolder(folder).isBegun {
      throw ExecutionError.run(
        path: folder, problem: "holds no run", cure: "name the folder given to search --run")
    }
    let place = SitePlace()
    let server = try HTTPServer(address: settings.address, port: settings.port) { request in
      place.site.withLock { $0 }?.answer(request)
        ?? .words(503, "The runs are being read; try again.", headers: [("Retry-After", "1")])
    }
    self.server = server
    port = server.port
    let gate = Gate(
      address: settings.address, port: port, names: settings.hosts, token: settings.token)
    let site = Site(folders, gate: gate, plotly: plotly)
    place.site.withLock { $0 = site }
    self.site = Mutex(site)
    let host = settings.address.contains(":") ? "[\(settings.address)]" : settings.address
    address = "http://\(host):\(port)/" + (settings.token.map { "?token=\($0)" } ?? "")
    follow(site)
  }

  /// What answers, once it is there.
  private final class SitePlace: Sendable {
    let site = Mutex<Site?>(nil)
  }

  deinit { stop() }

  /// Closes all connections and follows the runs no more.
  package func stop() {
    isOver.withLock { $0 = true }
    server.stop()
  }

  private static let secondsOfABeat = 15.0

  private func follow(_ site: Site) {
    let thread = Thread { [weak self] in
      var beat = Date()
      while let self, !self.isOver.withLock({ $0 }) {
        site.look()
        if Date().timeIntervalSince(beat) >= Self.secondsOfABeat {
          site.sendBeat()
          beat = Date()
        }
        Thread.sleep(forTimeInterval: 0.25)
      }
    }
    thread.name = "smnas serve"
    thread.start()
  }
}

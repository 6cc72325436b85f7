import DetBasics
import DetReport
import Foundation
import Synchronization

/// A page that many look at: what it shows now, the last changes, and those who wait for the next.
///
/// A change is made, encoded and compressed once, whoever many watch.
package final class LivePage: Sendable {
  /// An event of the stream, in the two forms that are sent.
  private struct Frame: Sendable {
    let plain: Bytes
    let zipped: Bytes

    init(_ text: String) {
      plain = Bytes(text)
      zipped = plain.deflated() ?? Bytes([])
    }

    func form(zipped isZipped: Bool) -> Bytes { isZipped ? zipped : plain }
  }

  private struct State {
    var shown: Shown?
    var number = 0
    /// The latest changes, each with the number that it leads to.
    var recent: [(number: Int, frame: Frame)] = []
    var page: Content?
    var watchers: [Watcher] = []
  }

  private let state = Mutex(State())
  /// Tells the numbers of this server from those of one before.
  private let boot: String
  private let navigation: String
  /// The script elements, with their addresses.
  private let scripts: String
  private let greeting = Frame("retry: 1000\n\n")
  private let beat = Frame(": still here\n\n")
  private static let mostRecent = 64

  /// A page that shows nothing yet.
  init(boot: String, navigation: String, scripts: String) {
    self.boot = boot
    self.navigation = navigation
    self.scripts = scripts
  }

  private func name(_ number: Int) -> String { "\(boot)-\(number)" }

  /// What it shows.
  var shown: Shown? { state.withLock { $0.shown } }

  /// Whether somebody watches.
  package var isWatched: Bool {
    state.withLock { state in
      state.watchers.removeAll(where: \.isOver)
      return !state.watchers.isEmpty
    }
  }

  // MARK: - Showing

  /// Shows something else, and sends to all who watch what is new in it.
  ///
  /// Only one thread may do so at a time.
  func show(_ new: Shown) throws {
    let (old, number) = state.withLock { ($0.shown, $0.number + 1) }
    let change = try new.change(from: old ?? Shown(title: "", parts: []), version: name(number))
    guard let change else { return }
    let frame = Frame("id: \(name(number))\nevent: change\ndata: \(change)\n\n")
    let anew = Frame(self.anew(number))
    let watchers = state.withLock { state in
      state.shown = new
      state.number = number
      state.page = nil
      state.recent.append((number, frame))
      if state.recent.count > Self.mostRecent { state.recent.removeFirst() }
      return state.watchers
    }
    send(frame, to: watchers, instead: anew)
  }

  private func anew(_ number: Int) -> String { "id: \(name(number))\nevent: anew\ndata: \n\n" }

  /// Sends a sign of life, so that connections that are gone are noticed.
  func sendBeat() {
    let (watchers, number) = state.withLock { state in
      state.watchers.removeAll(where: \.isOver)
      return (state.watchers, state.number)
    }
    send(beat, to: watchers, instead: Frame(anew(number)))
  }

  private func send(_ frame: Frame, to watchers: [Watcher], instead: Frame) {
    for watcher in watchers {
      watcher.send(
        frame.form(zipped: watcher.isZipped), instead: instead.form(zipped: watcher.isZipped))
    }
  }

  // MARK: - Looking

  /// One who wants to know what changes after a version: its later changes first, or the word that all is new.
  package func watch(after version: String, zipped: Bool) -> Watcher {
    state.withLock { state in
      var frames = [greeting]
      if version != name(state.number) {
        let place = state.recent.firstIndex { name($0.number - 1) == version }
        if let place {
          frames += state.recent[place...].map(\.frame)
        } else {
          frames.append(Frame(anew(state.number)))
        }
      }
      let watcher = Watcher(zipped: zipped, first: frames.map { $0.form(zipped: zipped) })
      state.watchers.append(watcher)
      return watcher
    }
  }

  /// The whole page as it is now.
  package func page() throws -> Content {
    let (known, shown, version) = state.withLock { ($0.page, $0.shown, name($0.number)) }
    if let known { return known }
    let html = try html(shown ?? Shown(title: "", parts: []), version: version)
    let content = Content(Bytes(html), .page, tag: version)
    state.withLock { state in
      if name(state.number) == version { state.page = content }
    }
    return content
  }

  private func html(_ shown: Shown, version: String) throws -> String {
    var islands = shown.islands.map { HTMLReport.Island($0.name, $0.json) }
    if let first = try shown.change(from: nil, version: version) {
      islands.append(HTMLReport.Island("first", first))
    }
    return HTMLReport.page(
      title: shown.title, parts: shown.parts.map(\.html), islands: islands,
      live: "data-version=\"\(Markup.text(version))\"", navigation: navigation, scripts: scripts)
  }
}

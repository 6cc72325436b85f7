import DetBasics
import DetCommand
import DetReport
import DetServe
import Foundation

/// `smnas serve DIR…`: the live page of runs.
enum ServeVerb: Verb {
  private struct Answer: Encodable {
    let version = 1
    let address: String
    let port: Int
    let token: String?
  }

  /// A port; 0 for any that is free.
  struct Port: ArgumentValue {
    let value: Int

    init(argument: String) throws {
      guard let value = Int(argument), (0...65535).contains(value) else {
        throw ArgumentValueError(expected: "a port from 0 (any that is free) to 65535")
      }
      self.value = value
    }
  }

  /// What a browser may have in its address line as the host.
  struct Host: ArgumentValue {
    let name: String

    init(argument: String) throws {
      guard Gate.isHost(argument) else {
        throw ArgumentValueError(
          expected:
            "a name or address, with its port where a browser shows one, such as nas.example.org or 10.0.0.4:8640"
        )
      }
      name = argument
    }
  }

  static let tokenVariable = "SMNAS_SERVE_TOKEN"

  static let name = "serve"
  static let summary = "a live page of runs in the browser, also while they are running"
  static let folders = ManyArguments<String>("DIR", "the folders of runs")
  static let port = Option<Port>("--port", "N", "the port to listen on (default: any that is free)")
  static let address = Option<String>(
    "--address", "A", "the address to listen on, in numbers (default 127.0.0.1: this machine alone)"
  )
  static let host = Option<Host>(
    "--host", "NAME", "another host by which browsers reach it, such as a proxy's")
  static let noToken = Flag("--no-token", "let everybody look who can reach it")
  static let syntax = Syntax(folders, port, address, host, noToken, Flag.json)
  static let discussion = """
    Prints the address to open, and serves until Ctrl-C. The page only reads: no search is slowed down or disturbed by it, and it shows
    when one ends, is killed, or its folder is moved.

    The address holds a token, new at every start; \(tokenVariable) sets one of your own (16 letters or more). The page is not
    encrypted: to watch from elsewhere, use ssh -L 8640:127.0.0.1:8640 HOST with --port 8640, or a proxy with TLS in front of it and --host.
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    var settings = Serving.Settings()
    if let port = arguments[port] { settings.port = port.value }
    if let address = arguments[address] { settings.address = address }
    if let host = arguments[host] { settings.hosts = [host.name] }
    if arguments[noToken] {
      settings.token = nil
    } else if let token = context.environment[tokenVariable] {
      guard Gate.isToken(token) else { throw ServeError.weakToken(variable: tokenVariable) }
      settings.token = token
    }
    let plotly = try PlotlyFile.text(
      environment: context.environment, executable: context.executable)
    // Threads that are made from here on inherit it: a search goes first.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    let serving = try Serving(arguments[folders], plotly: plotly, settings)
    if arguments[Flag.json] {
      try context.output.json(
        Answer(address: serving.address, port: serving.port, token: settings.token))
    } else {
      try context.output.line(serving.address)
    }
    context.log("\(Program.name): serving until Ctrl-C")
    Interruption.watch()
    while !Interruption.isRequested { usleep(100_000) }
    serving.stop()
    return .done
  }
}

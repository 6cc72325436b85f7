extension TeamPlace {
  /// Places for so many processes of this machine, at a port that is free now.
  public static func local(_ count: Int, run: String = "") throws -> [TeamPlace] {
    let address = "127.0.0.1"
    let port = try freePort(at: address)
    return (0..<count).map {
      TeamPlace(rank: $0, count: count, address: address, port: port, run: run)
    }
  }

  /// A port that is free now and that the system gives to nobody who asks for any port: those it gives lie above, and between
  /// this search and rank 0's listening another process, or another rank, might get it.
  private static func freePort(at address: String) throws -> Int {
    for _ in 0..<100 {
      let port = Int.random(in: 20_000..<32_768)
      if (try? Listener(port: port, at: address)) != nil { return port }
    }
    return try Listener(port: 0, at: address).port
  }

  /// The variables from which a process learns this place, those of torchrun.
  public var environment: [String: String] {
    [
      "RANK": "\(rank)", "WORLD_SIZE": "\(count)", "LOCAL_RANK": "\(localRank)",
      "MASTER_ADDR": address, "MASTER_PORT": "\(port)", "TORCHELASTIC_RUN_ID": run,
      "TORCHELASTIC_USE_AGENT_STORE": "False",
    ]
  }
}

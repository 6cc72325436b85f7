extension TeamPlace {
  /// Places for so many processes of this machine, at a port that is free now.
  public static func local(_ count: Int, run: String = "") throws -> [TeamPlace] {
    let address = "127.0.0.1"
    let port = try Listener(port: 0, at: address).port
    return (0..<count).map {
      TeamPlace(rank: $0, count: count, address: address, port: port, run: run)
    }
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

import DetCommand

/// An amount with a letter for its scale: `5G`, `20M`, `1.5e9`.
struct Amount: ArgumentValue, Equatable {
  let value: Double

  init(argument: String) throws {
    let scales: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12]
    let scale = argument.last.flatMap { scales[$0] }
    let digits = scale == nil ? argument[...] : argument.dropLast()
    guard let number = Double(digits), number.isFinite, number > 0 else {
      throw ArgumentValueError(expected: "an amount above 0, as in 5G or 20M")
    }
    value = number * (scale ?? 1)
  }
}

/// A size of memory: `500MB`, `1.5 GB`, `2GiB`, or plain bytes.
struct ByteCount: ArgumentValue, Equatable {
  let value: Double

  private static let units: [String: Double] = [
    "": 1, "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
    "KiB": 0x1p10, "MiB": 0x1p20, "GiB": 0x1p30, "TiB": 0x1p40,
  ]

  init(argument: String) throws {
    let letters = argument.reversed().prefix { $0.isLetter }.count
    let digits = argument.dropLast(letters).filter { $0 != " " }
    guard let number = Double(digits), number.isFinite, number > 0,
      let unit = Self.units[String(argument.suffix(letters))]
    else {
      throw ArgumentValueError(expected: "a size above 0 with its unit, as in 500MB or 2GiB")
    }
    value = number * unit
  }
}

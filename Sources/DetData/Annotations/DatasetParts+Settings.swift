public import DetBasics

// What is done with the images of a data set after they are read: the objects under "tiles", "split" and "subset".

extension Tiling: SettingValue {
  package static var form: String { "object" }

  /// The keys of `tiles`.
  package static let settings = SettingsTable<Tiling> {
    $0.required("size", \.size, "Side of a tile in pixels.", .atLeast(8))
    $0.add(
      "stride", \.stride,
      "Pixels between the left (upper) edges of neighbours; the last tile ends at the image's edge.",
      SettingRule(
        "1 to size",
        problem: { stride, tiles in
          stride >= 1 && stride <= tiles.size
            ? nil
            : "is \(stride); it lies between 1 and size (\(tiles.size)), or pixels are lost"
        }), fallback: SettingFallback("size: no overlap") { $0.size })
    $0.add(
      "keep", \.keep,
      "A box is an object of a tile when more than this share of its area is inside, and ignored there when it is less.",
      SettingRule("0 up to below 1") { share, _ in share >= 0 && share < 1 })
  }

  /// Reads `{"size": 160, "stride": 120, "keep": 0.5}`; only `size` is needed.
  public init(from decoder: any Decoder) throws {
    self.init(size: 0)
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}

extension Split: SettingValue {
  package static var form: String { "object" }

  /// The keys of `split`.
  package static let settings = SettingsTable<Split> {
    $0.required("part", \.part, as: .word, "Which side to take.")
    $0.add(
      "share", \.share, "Share of the images in the validation side.",
      SettingRule("a number above 0 and below 1") { share, _ in share > 0 && share < 1 })
    $0.add("seed", \.seed, "Other seeds divide otherwise.")
  }

  /// Reads `{"part": "train", "share": 0.2, "seed": 7}`; only `part` is needed.
  public init(from decoder: any Decoder) throws {
    self.init(part: .train)
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}

extension DatasetSource.Subset: SettingValue {
  package static var form: String { "object" }

  /// The keys of `subset`.
  package static let settings = SettingsTable<Self> {
    $0.required("count", \.count, "How many images.", .atLeast(1))
    $0.add("seed", \.seed, "Which ones.")
  }

  /// Reads `{"count": 500, "seed": 7}`; the seed is 0 unless given.
  public init(from decoder: any Decoder) throws {
    self.init(count: 0)
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}

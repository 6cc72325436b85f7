/// What became of everything that a data set's files hold: found = used + left out, with a reason for each that is.
///
/// A reader counts what it finds before it judges it, and what it uses at the end; so the sum is a check of the reader
/// and no identity. Images are counted before they are cut into tiles.
public struct DatasetAccount: Sendable, Equatable, Codable {
  /// What is counted.
  public enum Item: String, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    /// Image files in the folders, or images in a list.
    case image
    /// Files of annotations, in formats with one for each image.
    case labelFile
    /// Annotations of single objects, or classes of whole images.
    case label
  }

  /// Why something is not used.
  public enum Reason: Sendable, Hashable {
    /// A reader left it out and listed it among its repairs.
    case repair(Repair.Kind)
    /// It cannot be used as it is; it is listed among the faults.
    case fault(Finding.Kind)
    /// It belongs to an image that is not used.
    case imageNotUsed
    /// It is on the other side of the division that the source asks for.
    case otherSplit
    /// It is not in the part that the source asks for.
    case notInSubset

    /// The reason as reports name it.
    public var name: String {
      switch self {
      case .repair(let kind): kind.rawValue
      case .fault(let kind): kind.rawValue
      case .imageNotUsed: "imageNotUsed"
      case .otherSplit: "otherSplit"
      case .notInSubset: "notInSubset"
      }
    }
  }

  /// The sum of one kind of item.
  public struct Sum: Sendable, Equatable, Codable {
    /// How many there are.
    public internal(set) var found = 0
    /// How many are part of the data set.
    public internal(set) var used = 0
    /// How many are not, by reason.
    public internal(set) var leftOut: [Reason: Int] = [:]

    /// Whether every one that was found is used or left out for a reason.
    public var isBalanced: Bool { found == used + leftOut.values.reduce(0, +) }
  }

  private var sums: [Item: Sum] = [:]

  /// Reads what ``encode(to:)`` writes.
  public init(from decoder: any Decoder) throws {
    sums = try decoder.singleValueContainer().decode([Item: Sum].self)
  }

  /// Writes an object with a sum for each kind of item: `{"image": {"found": 3, "used": 2, "leftOut": {"otherFile": 1}}}`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(sums)
  }

  /// An account without entries.
  public init() {}

  /// The sum of one kind of item.
  public subscript(item: Item) -> Sum { sums[item] ?? Sum() }

  /// Whether all sums are balanced.
  public var isBalanced: Bool { sums.values.allSatisfy(\.isBalanced) }

  /// Whether anything was left out.
  public var isWhole: Bool { sums.values.allSatisfy(\.leftOut.isEmpty) }

  mutating func find(_ item: Item, _ count: Int = 1) {
    guard count != 0 else { return }
    sums[item, default: Sum()].found += count
  }

  mutating func use(_ item: Item, _ count: Int = 1) {
    guard count != 0 else { return }
    sums[item, default: Sum()].used += count
  }

  mutating func leaveOut(_ item: Item, _ count: Int = 1, because reason: Reason) {
    guard count != 0 else { return }
    sums[item, default: Sum()].leftOut[reason, default: 0] += count
  }

  /// Takes from the used ones what is left out later, when a part of the data set is chosen.
  mutating func withdraw(_ item: Item, _ count: Int, because reason: Reason) {
    use(item, -count)
    leaveOut(item, count, because: reason)
  }

  static func + (a: DatasetAccount, b: DatasetAccount) -> DatasetAccount {
    var result = a
    for (item, sum) in b.sums {
      result.find(item, sum.found)
      result.use(item, sum.used)
      for (reason, count) in sum.leftOut { result.leaveOut(item, count, because: reason) }
    }
    return result
  }
}

extension DatasetAccount.Reason: RawRepresentable, Codable, CodingKeyRepresentable {
  /// As written in JSON: the kind of repair, or that of a finding behind `fault.`.
  public var rawValue: String {
    switch self {
    case .repair, .imageNotUsed, .otherSplit, .notInSubset: name
    case .fault(let kind): "fault.\(kind.rawValue)"
    }
  }

  /// The reason of a text; nil: there is none such.
  public init?(rawValue: String) {
    let plain: [Self] = [.imageNotUsed, .otherSplit, .notInSubset]
    if let reason = plain.first(where: { $0.rawValue == rawValue }) {
      self = reason
    } else if let kind = Repair.Kind(rawValue: rawValue) {
      self = .repair(kind)
    } else if rawValue.hasPrefix("fault."),
      let kind = Finding.Kind(rawValue: String(rawValue.dropFirst(6)))
    {
      self = .fault(kind)
    } else {
      return nil
    }
  }
}

extension DatasetAccount {
  /// All lines as one: `12 images found: …; 12 label files found: …`.
  public var line: String { lines.joined(separator: "; ") }

  /// One line for each kind of item that was found: `12 images found: 10 used, 2 left out (imageMissing 2)`.
  public var lines: [String] {
    Item.allCases.compactMap { item in
      let sum = self[item]
      guard sum.found > 0 || !sum.leftOut.isEmpty else { return nil }
      let reasons = sum.leftOut.map { (name: $0.key.name, count: $0.value) }
        .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
      let left = reasons.reduce(0) { $0 + $1.count }
      let listed = reasons.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
      let name = item.name(sum.found)
      return "\(sum.found) \(name) found: "
        + (left == 0 ? "all used" : "\(sum.used) used, \(left) left out (\(listed))")
    }
  }
}

extension DatasetAccount.Item {
  fileprivate func name(_ count: Int) -> String {
    switch self {
    case .image: count == 1 ? "image" : "images"
    case .labelFile: count == 1 ? "label file" : "label files"
    case .label: count == 1 ? "label" : "labels"
    }
  }
}

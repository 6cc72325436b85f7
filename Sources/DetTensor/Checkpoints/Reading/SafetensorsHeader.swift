internal import DetBasics
internal import Foundation

/// The header of a safetensors file, checked.
///
/// Eight bytes little-endian tell the length of a JSON object that names for each tensor its kind, its
/// shape and where among the values its bytes lie. The values must be covered without gap or overlap.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let dtype: DType
    let shape: [Int]
    /// Bytes, counted from the start of the values.
    let range: Range<Int>
  }

  let entries: [Entry]
  let metadata: [String: String]
  let valuesStart: Int

  /// The format's own limit.
  static let longest = 100_000_000

  init(_ data: Data, source: String) throws {
    guard data.count >= 8 else {
      throw Self.error(source, "has \(data.count) bytes, fewer than the 8 of a header's length")
    }
    let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Self.longest), length <= UInt64(data.count - 8) else {
      throw Self.error(
        source,
        "claims a header of \(length) bytes in a file of \(data.count); it is no safetensors "
          + "file, or it was cut off: copy or download it again")
    }
    valuesStart = 8 + Int(length)
    let text = Data(data.dropFirst(8).prefix(Int(length)))
    let root = try JSON.parse(text, source: source)
    guard case .object(let members) = root.value else {
      throw Self.error(source, "has a header that is no JSON object")
    }
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    for member in members {
      if member.key == "__metadata__" {
        metadata = try Self.metadata(member.node, source)
      } else {
        entries.append(try Self.entry(member.key, member.node, source))
      }
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    try Self.checkCover(entries, values: data.count - valuesStart, source)
    self.entries = entries
    self.metadata = metadata
  }

  private static func error(_ source: String, _ problem: String) -> TensorError {
    .file(path: source, problem: problem)
  }

  private static func metadata(_ node: JSONNode, _ source: String) throws -> [String: String] {
    guard case .object(let members) = node.value else {
      throw error(source, "has __metadata__ that is no object of texts")
    }
    var result: [String: String] = [:]
    for member in members {
      guard case .string(let text) = member.node.value else {
        throw error(source, "has __metadata__.\(member.key) that is no text")
      }
      result[member.key] = text
    }
    return result
  }

  private static func entry(_ name: String, _ node: JSONNode, _ source: String) throws -> Entry {
    let place = "tensor \"\(name)\""
    guard case .object(let members) = node.value,
      Set(members.map(\.key)) == ["dtype", "shape", "data_offsets"]
    else { throw error(source, "\(place) needs dtype, shape and data_offsets, and nothing else") }
    guard case .string(let code)? = node["dtype"]?.value, let dtype = DType(safetensors: code)
    else {
      throw error(
        source,
        "\(place) has an unknown dtype; known are "
          + DType.allCases.map(\.safetensors).joined(separator: ", "))
    }
    let shape = try wholeNumbers(node["shape"], "\(place) shape", source)
    let offsets = try wholeNumbers(node["data_offsets"], "\(place) data_offsets", source)
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw error(
        source, "\(place) needs data_offsets of a start and an end behind it, not \(offsets)")
    }
    var size = dtype.size
    for dimension in shape {
      let (product, overflows) = size.multipliedReportingOverflow(by: dimension)
      guard !overflows else {
        throw error(source, "\(place) has a shape too large to exist: \(shape)")
      }
      size = product
    }
    guard size == offsets[1] - offsets[0] else {
      throw error(
        source,
        "\(place) of \(dtype)\(shape) takes \(size) bytes, but its offsets span "
          + "\(offsets[1] - offsets[0])")
    }
    return Entry(name: name, dtype: dtype, shape: shape, range: offsets[0]..<offsets[1])
  }

  private static func wholeNumbers(
    _ node: JSONNode?, _ place: String, _ source: String
  ) throws -> [Int] {
    guard case .array(let elements)? = node?.value else {
      throw error(source, "\(place) is no list of whole numbers")
    }
    return try elements.map { element in
      guard case .number(let spelling) = element.value, let number = Int(spelling), number >= 0
      else {
        throw error(source, "\(place) holds something other than whole numbers from 0 on")
      }
      return number
    }
  }

  private static func checkCover(_ entries: [Entry], values: Int, _ source: String) throws {
    var end = 0
    for entry in entries {
      guard entry.range.upperBound <= values else {
        throw error(
          source,
          "was cut off: its header speaks of \(entries.map(\.range.upperBound).max() ?? 0) bytes of values, and it has "
            + "\(values); copy or download it again")
      }
      guard entry.range.lowerBound == end else {
        let how =
          entry.range.lowerBound < end ? "overlaps the tensor before it" : "leaves a gap before it"
        throw error(source, "tensor \"\(entry.name)\" \(how)")
      }
      end = entry.range.upperBound
    }
    guard end == values else {
      throw error(source, "has \(values - end) bytes after the last tensor")
    }
  }
}

import DetBasics
internal import Foundation

/// What `numpy.savez` writes: a zip file with an array in each member.
enum NpzArchive {
  static func index(_ data: Data, _ zip: ZipArchive, source: String) throws -> TensorIndex {
    var entries: [TensorIndex.Entry] = []
    var foreign: [String] = []
    for member in zip.members where member.name.hasSuffix(".npy") {
      guard member.isStored else {
        let file = FilePath.name(of: source)
        throw TensorError.file(
          path: source,
          problem: "is compressed, as numpy.savez_compressed writes it; in Python: "
            + "numpy.savez(\"weights.npz\", **numpy.load(\"\(file)\"))")
      }
      let name = String(member.name.dropLast(4))
      let array = try data.withUnsafeBytes {
        try NumpyArray(FileBytes($0, source: source), member.range, name)
      }
      switch array.reading {
      case .tensor(let view, let bytes):
        let checked = PlacedBytes(writing: bytes.writing, member: member)
        entries.append(.init(name: name, view: view, bytes: checked))
      case .foreign(let how): foreign.append("\"\(name)\" \(how)")
      }
    }
    guard !entries.isEmpty else {
      throw TensorError.file(
        path: source, problem: "has no array that can be read: \(foreign.first ?? "it is empty")")
    }
    var index = try TensorIndex(entries, in: data, source: source)
    index.passedOver = foreign
    return index
  }
}

/// An array as `numpy.save` writes it: a signature, a version, a dictionary of Python as text, the values.
struct NumpyArray {
  static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

  let reading: PickledTensors.Reading

  /// Reads the array at a place of a file; `name` names it in errors.
  init(_ file: FileBytes, _ range: Range<Int>, _ name: String) throws {
    func damaged() -> TensorError {
      file.error("the array \"\(name)\" is damaged; save it again with numpy.savez")
    }
    guard range.count >= 10, file.bytes[range].starts(with: Self.signature) else { throw damaged() }
    let isLong = file.bytes[range.lowerBound + 6] > 1
    let headerStart = range.lowerBound + (isLong ? 12 : 10)
    let length = try file.size(at: range.lowerBound + 8, bytes: isLong ? 4 : 2)
    guard headerStart <= range.upperBound, length <= range.upperBound - headerStart else {
      throw damaged()
    }
    let header = try file.text(at: headerStart, count: length)
    let values = headerStart + length..<range.upperBound
    guard let code = Self.text(of: "descr", in: header), let shape = Self.shape(in: header) else {
      reading = .foreign("is an array of records")
      return
    }
    guard let dtype = DType(numpy: code) else {
      reading = .foreign("is of numpy's kind \(code.prefix(20))")
      return
    }
    do {
      let view = try StridedView(
        dtype: dtype, available: values.count / dtype.size, shape: shape,
        isReversed: header.contains("'fortran_order': True"))
      reading = .tensor(view, PlacedBytes(writing: .plain(values)))
    } catch {
      throw file.error("the array \"\(name)\" \(error.problem)")
    }
  }

  /// What stands behind a key of the dictionary.
  private static func rest(_ key: String, _ header: String) -> Substring? {
    header.range(of: "'\(key)':").map { header[$0.upperBound...].drop { $0 == " " } }
  }

  private static func text(of key: String, in header: String) -> String? {
    guard let rest = rest(key, header), rest.first == "'" else { return nil }
    return String(rest.dropFirst().prefix { $0 != "'" })
  }

  private static func shape(in header: String) -> [Int]? {
    guard let rest = rest("shape", header), rest.first == "(", let end = rest.firstIndex(of: ")")
    else { return nil }
    let words = rest[rest.index(after: rest.startIndex)..<end].split(separator: ",")
      .map { $0.filter { $0 != " " && $0 != "L" } }.filter { !$0.isEmpty }
    let sizes = words.compactMap { Int($0) }
    return sizes.count == words.count ? sizes : nil
  }
}

internal import CTorch
internal import DetBasics
public import Foundation

/// A file of named tensors, opened and checked, whose values are read when they are asked for.
///
/// What it is, its content tells: safetensors, what `torch.save` writes, pickles and archives of numpy's arrays, lists of
/// shards. Anything else is refused for what it is. Nothing in a pickle is ever executed; the state dict is found wherever it lies, and what lies
/// beside it is passed over.
///
/// ```swift
/// let file = try TensorFile.open("resnet50.pth")
/// file.entries[0].name  // "conv1.weight"
/// let weight = try file.tensor("conv1.weight")  // float32[64, 3, 7, 7]
/// ```
public struct TensorFile {
  /// What the file says of one tensor.
  public struct Entry: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The kind of the elements.
    public let dtype: DType
    /// The size of each dimension.
    public let shape: [Int]
  }

  private struct Place {
    let part: Int
    let index: Int
  }

  /// The path, which errors name.
  public let path: String
  /// What kind of file it is.
  public let format: TensorFileFormat
  /// All tensors, in the order of the file.
  public let entries: [Entry]
  /// The files that hold the values: one, but for shards.
  private let parts: [(path: String, data: Data, index: TensorIndex)]
  private let places: [String: Place]

  /// Free-form texts by the writer; only safetensors files have them.
  public var metadata: [String: String] {
    parts.reduce(into: [:]) { $0.merge($1.index.metadata) { first, _ in first } }
  }

  /// The keys that lead to the tensors in a checkpoint of a training program, joined by full stops; empty at the top.
  public var place: String { parts.first?.index.place.joined(separator: ".") ?? "" }

  /// Where else in the file about as many tensors lie, as the averages of a model beside it.
  public var otherPlaces: [String] { parts.flatMap(\.index.otherPlaces) }

  /// What in the file is not offered, in words: values of other kinds beside the tensors, tensors of kinds that this library has not.
  public var passedOver: [String] { parts.flatMap(\.index.passedOver) }

  /// Opens a file.
  public static func open(_ path: String) throws -> TensorFile {
    try TensorFile(content(path), source: path)
  }

  private static func content(_ path: String) throws -> Data {
    if Files.isFolder(path) { throw FolderOfWeights.refusal(path) }
    do {
      try Files.expectFile(path)
      return try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch let error as FileError {
      throw TensorError.file(path: path, problem: "\(error.problem); \(error.cure)")
    } catch {
      throw TensorError.file(path: path, problem: "cannot be read; check the path and permissions")
    }
  }

  /// Opens a file's content; `source` names it in errors, and shards are looked for beside it.
  public init(_ data: Data, source: String) throws {
    let format = try Self.format(data, source: source)
    if let index = try TensorIndex.read(data, format, source: source) {
      try self.init([(source, data, index)], format, source: source)
    } else {
      try self.init(Self.shards(data, source: source), format, source: source)
    }
  }

  private init(
    _ parts: [(path: String, data: Data, index: TensorIndex)], _ format: TensorFileFormat,
    source: String
  ) throws {
    path = source
    self.format = format
    self.parts = parts
    var entries: [Entry] = []
    var places: [String: Place] = [:]
    for (number, part) in parts.enumerated() {
      for (index, entry) in part.index.entries.enumerated() {
        entries.append(Entry(name: entry.name, dtype: entry.view.dtype, shape: entry.view.shape))
        let place = Place(part: number, index: index)
        guard places.updateValue(place, forKey: entry.name) == nil else {
          throw TensorError.file(
            path: source, problem: "has two tensors \"\(entry.name)\" in its shards")
        }
      }
    }
    self.entries = entries
    self.places = places
  }

  private static func format(_ data: Data, source: String) throws -> TensorFileFormat {
    switch WeightsFileKind(data) {
    case .weights(let format): return format
    case .other(let kind): throw kind.refusal(of: data, path: source)
    }
  }

  private static func shards(
    _ data: Data, source: String
  ) throws -> [(path: String, data: Data, index: TensorIndex)] {
    let list = try ShardIndex(data, source: source)
    let folder = FilePath.folder(of: source)
    let paths = list.files.map { FilePath.join(folder, $0) }
    let absent = zip(list.files, paths).filter { !FileManager.default.fileExists(atPath: $1) }
    guard absent.isEmpty else {
      throw TensorError.file(
        path: source,
        problem: "lists \(list.files.count) shards, of which \(absent.count) do not lie beside it: "
          + "\(absent.map(\.0).prefix(5).joined(separator: ", ")); fetch them into its folder")
    }
    let parts = try paths.map { path in
      let content = try content(path)
      guard let index = try TensorIndex.read(content, format(content, source: path), source: path)
      else { throw TensorError.file(path: path, problem: "lists shards, and is one itself") }
      return (path: path, data: content, index: index)
    }
    try check(list, against: zip(list.files, parts.map(\.index)).map { ($0, $1) }, source: source)
    return parts
  }

  /// Fails when a shard has not what the list says.
  private static func check(
    _ list: ShardIndex, against shards: [(file: String, index: TensorIndex)], source: String
  ) throws {
    let names = Dictionary(
      shards.map { ($0.file, Set($0.index.entries.map(\.name))) },
      uniquingKeysWith: { $0.union($1) })
    for (name, file) in list.places where names[file]?.contains(name) != true {
      throw TensorError.file(
        path: source,
        problem:
          "says that \"\(name)\" lies in \(file), where it is not; fetch list and shards of one version"
      )
    }
  }

  /// What the file says of a tensor; nil when there is none of that name.
  public subscript(name: String) -> Entry? {
    places[name].map { place in
      let entry = parts[place.part].index.entries[place.index]
      return Entry(name: name, dtype: entry.view.dtype, shape: entry.view.shape)
    }
  }

  /// Reads a tensor; nil when there is none of that name.
  ///
  /// - Throws: ``TensorError`` when the values are damaged or memory does not suffice.
  public func tensor(_ name: String) throws -> Tensor? {
    guard let place = places[name] else { return nil }
    let part = parts[place.part]
    let entry = part.index.entries[place.index]
    return try entry.withValues(of: part.data, source: part.path) { values in
      try Safetensors.tensor(
        values, entry.view.shape, entry.view.dtype,
        doing: "\(part.path): reading the tensor \"\(name)\"")
    }
  }

  /// Reads all tensors.
  public func tensors() throws -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for entry in entries { result[entry.name] = try tensor(entry.name) }
    return result
  }
}

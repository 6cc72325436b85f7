import DetBasics
import DetSearch
import DetSpec
import Foundation

/// The folder that backbones are trained into: a file of weights for each, under a name by which a plan's `structural.weights` finds it.
///
///     resnet50.safetensors      the weights of a backbone that is trained, or that came from elsewhere
///     backbones.json            the table; beside it backbones.md
///     training/resnet50/        the backbone under way, with its checkpoint
///     training/resnet50.jsonl   what its epochs reported
struct BackboneFolder {
  private let folder: OutputFolder

  /// Makes and takes the folder; a table in it that is not ours is refused.
  init(_ path: String) throws {
    folder = try OutputFolder(path)
    if folder.holds(Self.table) {
      _ = try read()
    } else if folder.holds(Self.page) {
      throw FileError(
        path: folder.file(Self.page), problem: "is there already, and is not overwritten",
        cure: "move it away, or choose another --output")
    }
  }

  private static let table = "backbones.json"
  private static let page = "backbones.md"

  /// Where it is.
  var path: String { folder.path }

  /// Where a backbone is trained.
  func training(_ backbone: BackboneSpec) -> TrialFolder {
    TrialFolder(folder.file("training/\(Self.stem(backbone))"))
  }

  /// What the epochs of a backbone's training report.
  func events(_ backbone: BackboneSpec) -> String { training(backbone).path + ".jsonl" }

  /// The file that a plan takes a backbone's weights from; nil when there is none yet.
  func weights(of backbone: BackboneSpec) throws -> String? {
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      .filter { BackboneWeights.isName($0, of: backbone) }
    guard names.count < 2 else {
      throw FileError(
        path: path,
        problem: "has several files for \(backbone.text): \(names.joined(separator: ", "))",
        cure: "leave the one to take, and move the others away")
    }
    return names.first.map(folder.file)
  }

  /// Puts the weights of a finished training where a plan finds them.
  func takeOver(_ backbone: BackboneSpec) throws {
    let place = folder.file(fileName(backbone))
    let own = training(backbone)
    guard rename(own.weights, place) == 0 else {
      throw FileError(path: place, action: "move the weights there", errorNumber: errno)
    }
    // Only an empty folder goes.
    rmdir(own.path)
  }

  /// The name of a backbone's file.
  func fileName(_ backbone: BackboneSpec) -> String { Self.stem(backbone) + ".safetensors" }

  private static func stem(_ backbone: BackboneSpec) -> String {
    BackboneWeights.stems(of: backbone).first ?? backbone.text
  }

  /// The table as it was left; empty in a new folder.
  func read() throws -> BackboneTable {
    guard folder.holds(Self.table) else { return BackboneTable() }
    do {
      return try JSON.decode(BackboneTable.self, file: folder.file(Self.table))
    } catch let error as JSONError {
      throw FileError(
        path: folder.file(Self.table), problem: "is no table of backbones (\(error))",
        cure: "move it away, or choose another --output")
    }
  }

  /// Writes the table, for programs and for people.
  func write(_ table: BackboneTable, classes: Int, input: InputSize) throws {
    try AtomicFile.write(JSON.text(table, pretty: true) + "\n", to: folder.file(Self.table))
    try AtomicFile.write(
      table.markdown(classes: classes, input: input), to: folder.file(Self.page))
  }
}

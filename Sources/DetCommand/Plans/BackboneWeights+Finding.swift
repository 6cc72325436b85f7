import DetBasics
package import DetSearch
package import DetSpec
import Foundation

extension BackboneWeights {
  /// The file of each backbone of a space, with its fingerprint. Paths stay as they are written, taken from `base`, the plan's folder.
  ///
  /// Fails, naming all at once, when a backbone has no file and may not start from scratch, when several files of the folder are named
  /// as its weights, or when a file is named for a backbone that the space has not.
  package func found(
    for backbones: [BackboneSpec], in base: String, plan: String
  ) throws -> BackboneWeights {
    func refused(_ problem: String, _ cure: String) -> FileError {
      FileError(path: plan, problem: "structural.weights: \(problem)", cure: cure)
    }
    let strangers = files.keys.filter { key in !backbones.contains { $0.text == key } }.sorted()
    guard strangers.isEmpty else {
      throw refused(
        "names weights for \(strangers.joined(separator: ", ")), which structural.space has not",
        "take them out, or add them to its backbones")
    }
    var found = self
    let names = try folder.map { try Self.names(FilePath.joined(base, $0)) } ?? []
    var lacking: [BackboneSpec] = []
    for backbone in backbones {
      var path = files[backbone.text]?.path
      if path == nil, let folder {
        let fitting = names.filter { Self.isName($0, of: backbone) }
        guard fitting.count < 2 else {
          throw refused(
            "\(folder) has several files for \(backbone.text): \(fitting.joined(separator: ", "))",
            "name the one to take under \"files\"")
        }
        path = fitting.first.map { FilePath.joined(folder, $0) }
      }
      guard let path else {
        lacking.append(backbone)
        continue
      }
      found.files[backbone.text] = BackboneFile(
        path: path, fingerprint: try StableHash.hex(ofFile: FilePath.joined(base, path)))
    }
    guard lacking.isEmpty || allowsScratch else {
      let wanted = lacking.compactMap { Self.stems(of: $0).first.map { "\($0).pth" } }
      throw refused(
        "there are none for \(lacking.map(\.text).joined(separator: ", "))",
        "add \(wanted.joined(separator: ", ")) to the folder (a hash as in resnet50-0676ba61.pth is understood), name them under \"files\", "
          + "leave those backbones out of the space, or let them start from scratch: \"allowsScratch\": true"
      )
    }
    return found
  }

  /// The weights with every path changed, in an order that their names give.
  func changingPaths(_ change: (String) -> String) -> BackboneWeights {
    var changed = self
    changed.folder = folder.map(change)
    for key in files.keys.sorted() {
      if let file = files[key] { changed.files[key]?.path = change(file.path) }
    }
    return changed
  }

  private static func names(_ folder: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw FileError(
        path: folder, problem: "is no folder that can be read",
        cure: "check structural.weights.folder")
    }
  }
}

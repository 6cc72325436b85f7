import DetBasics
import DetCommand
import Foundation

/// The libraries of a Python in which files are run before they are kept.
struct Verification {
  /// What is to be noted: libraries that are not there.
  let notes: [String]
  private let python: String
  private let libraries: [PythonRun.Library]

  /// Looks which of some libraries there are, before minutes go into a proof.
  ///
  /// - Throws: `FileError` when there is none, or no such Python; `cure` says what else than installing can be done.
  init(_ wanted: [PythonRun.Library], python: String, cure: String) throws {
    self.python = python
    let found = try wanted.filter { try PythonRun.version(of: $0, python: python) != nil }
    let names = wanted.map(\.rawValue)
    guard !found.isEmpty else {
      throw FileError(
        path: python,
        problem: "has no \(names.joined(separator: " or ")), by which the files are verified",
        cure: "pip install \(names[0]), name another Python by --python, or \(cure)")
    }
    let missing = wanted.filter { !found.contains($0) }
    libraries = found
    notes = missing.map { "\(python) has no \($0.rawValue): not verified there" }
  }

  /// Runs files, before they have names in the user's folder: the first of them, or the folder they lie in.
  func run(
    _ files: [(name: String, data: Data)], asFolder: Bool, _ proof: inout ExportProof,
    threads: Int, _ context: Context
  ) throws {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("smnas-export-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: place) }
    try Files.makeFolder(place)
    for (name, data) in files {
      try AtomicFile.write(data, to: FilePath.join(place, name), replaces: false)
    }
    let target = asFolder ? place : FilePath.join(place, files[0].name)
    for library in libraries {
      try proof.verify(library, python: python, file: target, threads: threads)
      if let row = proof.rows.last {
        context.log("\(row.format) equals the detector: \(row.equality ?? "")")
      }
    }
  }
}

import DetBasics
import DetExecution
import DetSpec
import Foundation

/// The PNG files in the folders of trials, each read again only when it has changed.
struct PictureShelf {
  private struct Seen {
    let status: FileStatus
    let isWhole: Bool
    let png: Data
  }

  /// The files by their addresses in the page.
  private(set) var paths: [String: String] = [:]
  private var seen: [String: Seen] = [:]

  /// The pictures of trials; a file that was cut off is left out.
  mutating func pictures(
    of trials: [Int], in folder: RunFolder, _ style: RunReader.Pictures
  ) throws -> [ReportModel.Picture] {
    var pictures: [ReportModel.Picture] = []
    var (paths, kept): ([String: String], [String: Seen]) = ([:], [:])
    for trial in trials {
      let place = folder.trial(trial)
      let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
      for (number, name) in names.sorted().filter({ $0.hasSuffix(".png") }).enumerated() {
        let path = "\(place.path)/\(name)"
        guard let found = try look(path, style) else { continue }
        kept[path] = found
        guard found.isWhole else { continue }
        var picture = ReportModel.Picture(
          trial: trial, caption: path == place.picture ? "detections beside the truth" : name,
          png: found.png)
        if style == .addressed {
          let status = found.status
          let mark = "\(status.size)-\(status.seconds)-\(status.nanoseconds)"
          let address = "pictures/\(trial)/\(number)/\(mark)"
          picture.address = address
          paths[address] = path
        }
        pictures.append(picture)
      }
    }
    (self.paths, seen) = (paths, kept)
    return pictures
  }

  /// What a file holds; nil where it is none, or went meanwhile.
  private func look(_ path: String, _ style: RunReader.Pictures) throws -> Seen? {
    guard let status = FileStatus(path) else { return nil }
    if let before = seen[path], before.status == status { return before }
    guard let png = try? Files.bytes(path) else { return nil }
    let isWhole = Self.isWholePNG(png)
    return Seen(status: status, isWhole: isWhole, png: style == .embedded && isWhole ? png : Data())
  }

  /// Whether the bytes begin as a PNG does and end with its closing chunk.
  static func isWholePNG(_ data: Data) -> Bool {
    data.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
      && data.suffix(8).starts(with: [0x49, 0x45, 0x4E, 0x44])
  }
}

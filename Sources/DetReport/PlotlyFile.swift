import DetBasics
import Foundation

/// Finds plotly.js, which draws the report's charts and travels inside the page.
public enum PlotlyFile {
  private static let place = ".deps/plotly/plotly.min.js"

  /// The text of plotly.js.
  ///
  /// Looked for where `SMNAS_PLOTLY` says, then in `.deps/plotly` of the folders above the executable and of the
  /// working directory.
  public static func text(
    environment: [String: String], executable: String,
    workingFolder: String? = nil
  ) throws -> String {
    if let path = environment["SMNAS_PLOTLY"], !path.isEmpty { return try Files.text(path) }
    let working = workingFolder ?? FileManager.default.currentDirectoryPath
    for folder in folders(above: executable) + [working] {
      let path = FilePath.join(folder, place)
      if FileManager.default.fileExists(atPath: path) { return try Files.text(path) }
    }
    throw FileError(
      path: place, problem: "plotly.js is not there, nor above the program",
      cure: "run make setup in the project's folder, or set SMNAS_PLOTLY to a plotly.min.js")
  }

  static func folders(above path: String) -> [String] {
    var folders: [String] = []
    var rest = path
    while true {
      let folder = FilePath.folder(of: rest)
      guard folder.utf8.count < rest.utf8.count, folder != "." else { return folders }
      folders.append(folder)
      rest = folder
    }
  }
}

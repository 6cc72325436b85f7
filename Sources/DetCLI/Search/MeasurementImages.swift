import DetBasics
import DetData
import DetExecution

/// The images in which the trained detectors of a run are timed: a few of the validation images, as files of their own, so that a
/// program on another device needs nothing else of the data.
enum MeasurementImages {
  /// As many as one trial's own measurement goes over.
  private static let most = 16

  /// Writes them into the run's folder and gives their paths.
  static func files(_ validation: Dataset, in folder: RunFolder) throws -> [String] {
    try Files.makeFolder(folder.measurement)
    return try validation.samples.prefix(most).enumerated().map { index, sample in
      let path = "\(folder.measurement)/\(index + 1).png"
      try AtomicFile.write(sample.picture().encodePNG(), to: path)
      return path
    }
  }
}

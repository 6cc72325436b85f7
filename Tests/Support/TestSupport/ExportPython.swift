import Foundation

/// A Python with onnx, onnxruntime, OpenVINO and Pillow, in which tests run exported files.
public enum ExportPython {
  /// That of `Scripts/check-export`, or of SMNAS_EXPORT_PYTHON; nil where there is none.
  public static let path: String? = {
    let named = ProcessInfo.processInfo.environment["SMNAS_EXPORT_PYTHON"]
    let made = Checkout.folder(".build") + "/export-python/bin/python"
    let path = named ?? made
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()
}

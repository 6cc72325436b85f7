import CJSON
import DetBasics
import DetJSON
import Foundation

/// Detections in COCO's results format: `[{"image_id": 1, "category_id": 3, "bbox": [x, y, w, h],
/// "score": 0.9}, …]`. Other keys are passed over.
public enum COCOResultsFile {
  /// Reads a whole file.
  ///
  /// - Throws: `FileError` when it cannot be read; `JSONError` with line, column and element when it is
  ///   truncated, not JSON, lacks a key, or has a value of the wrong kind, a number that is not finite, or
  ///   a negative size.
  public static func read(_ path: String, threads: Int? = nil) throws -> [DetectionEntry] {
    try detections(.file(path), threads ?? Threads.available)
  }

  /// Reads a text in memory; `name` stands for the file in errors.
  public static func read(
    _ text: UnsafeRawBufferPointer, name: String, threads: Int? = nil
  ) throws -> [DetectionEntry] {
    try detections(.memory(text, name: name), threads ?? Threads.available)
  }

  /// Writes detections so that any COCO evaluator reads them, and reading gives the same numbers back.
  public static func write(_ detections: [DetectionEntry], to path: String) throws {
    var text = "["
    for (place, detection) in detections.enumerated() {
      if let problem = detection.box.problem ?? scoreProblem(detection.score) {
        throw MetricsError.badValue(list: "detections", index: place, problem: problem)
      }
      text += place == 0 ? "\n" : ",\n"
      text += "{\"bbox\":" + COCOText.box(detection.box)
      text += ",\"category_id\":\(detection.categoryID),\"image_id\":\(detection.imageID)"
      text += ",\"score\":\(detection.score)}"
    }
    try AtomicFile.write(text + "\n]\n", to: path)
  }

  private static func scoreProblem(_ score: Double) -> String? {
    score.isFinite ? nil : "the score \(score) is not finite"
  }

  private static func detections(_ source: JSONSource, _ threads: Int) throws -> [DetectionEntry] {
    var all: [DetectionEntry] = []
    try forEachBlock(source, threads: threads) { block in
      all.reserveCapacity(all.count + block.count)
      for place in 0..<block.count {
        all.append(
          DetectionEntry(
            imageID: block.imageIDs[place], categoryID: block.categoryIDs[place],
            box: COCOText.box(block.boxes, place), score: block.scores[place]))
      }
    }
    return all
  }

  /// Hands the file's detections over in blocks, in order; a block lasts for one call.
  static func forEachBlock(
    _ source: JSONSource, threads: Int, _ body: (CJSONDetections) throws -> Void
  ) throws {
    try source.withShim { shim in
      var failure = CJSONFailure()
      var reader: OpaquePointer?
      guard cjson_results_open(&shim, Int32(clamping: threads), &reader, &failure) else {
        throw source.error(failure)
      }
      defer { cjson_results_close(reader) }
      while true {
        var block = CJSONDetections()
        guard cjson_results_next(reader, &block, &failure) else { throw source.error(failure) }
        if block.count == 0 { return }
        try body(block)
      }
    }
  }
}

extension COCOEvaluator {
  /// Adds all detections of a file in COCO's results format, without holding the file or a second copy.
  ///
  /// - Throws: as `COCOResultsFile.read`; ``MetricsError`` when the truth lacks an image or category.
  public mutating func add(resultsFile path: String) throws {
    try add(.file(path))
  }

  /// Adds the detections of a text in memory; `name` stands for the file in errors.
  public mutating func add(results text: UnsafeRawBufferPointer, name: String) throws {
    try add(.memory(text, name: name))
  }

  private mutating func add(_ source: JSONSource) throws {
    var first = 0
    do {
      try COCOResultsFile.forEachBlock(source, threads: threads) { block in
        for place in 0..<block.count {
          try enter(
            block.imageIDs[place], block.categoryIDs[place], COCOText.box(block.boxes, place),
            block.scores[place], place: first + place)
        }
        first += block.count
      }
    } catch let error as MetricsError {
      throw JSONError(source: source.name, problem: error.description)
    }
  }
}

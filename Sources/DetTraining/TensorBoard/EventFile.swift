import DetBasics
import DetData
import DetMetrics
import Foundation

/// A file of events that TensorBoard reads: numbers, curves and pictures by step.
///
/// TFRecord framing (length, masked checksum of the length, bytes, masked checksum of the bytes) around messages
/// `tensorflow.Event` (tensorflow/core/util/event.proto). Each process writes a file of its own; TensorBoard joins those of a
/// folder, and forgets from the step of a file's start on what earlier files say, so that what a killed training had done
/// beyond its checkpoint is not shown twice.
final class EventFile {
  private let file: FileHandle
  private let path: String
  private let clock: () -> Double

  /// Opens a new file in a folder, which is made where it is missing.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - step: the step from which on it speaks.
  ///   - clock: seconds since 1970.
  /// - Throws: `FileError` when it cannot be written.
  init(
    in folder: String, from step: Int,
    clock: @escaping () -> Double = { Date().timeIntervalSince1970 }
  ) throws {
    self.clock = clock
    try Files.makeFolder(folder)
    // TensorBoard knows files by "tfevents" in the name, and reads them in the order of their names.
    let name = "events.out.tfevents.\(Int(clock())).\(getpid()).smnas"
    path = FilePath.join(folder, name)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileError(path: path, action: "write the file", errorNumber: errno)
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try append(step: 0) { $0.add(3, "brain.Event:2") }
    var start = ProtobufMessage()
    start.add(1, 1)
    try append(step: step) { $0.add(7, start) }
  }

  /// Adds numbers of a step, by name: `train/loss`.
  ///
  /// - Throws: `FileError` when the file cannot be written.
  func add(_ scalars: [String: Double], step: Int) throws {
    let values = scalars.sorted { $0.key < $1.key }.map { name, number in
      var value = ProtobufMessage()
      value.add(1, name)
      value.add(2, Float(number))
      return value
    }
    try append(values, step: step)
  }

  /// Adds what TensorBoard draws a precision–recall curve from: right, wrong, rightly left (which detection knows none of),
  /// missed, precision and recall, each for scores that rise in equal steps from 0 to 1 (tensorboard/plugins/pr_curve).
  ///
  /// - Throws: `FileError` when the file cannot be written.
  func add(_ counts: ScoreCounts, name: String, step: Int) throws {
    let rows: [[Double]] = [
      counts.right.map(Double.init), counts.wrong.map(Double.init), counts.right.map { _ in 0 },
      counts.right.map { Double(counts.truths - $0) }, counts.precision, counts.recall,
    ]
    var settings = ProtobufMessage()
    settings.add(2, counts.right.count)
    var plugin = ProtobufMessage()
    plugin.add(1, "pr_curves")
    plugin.add(2, settings)
    var metadata = ProtobufMessage()
    metadata.add(1, plugin)
    metadata.add(4, 2)  // a tensor
    var value = ProtobufMessage()
    value.add(1, name)
    value.add(8, ProtobufMessage(tensor: rows))
    value.add(9, metadata)
    try append([value], step: step)
  }

  /// Adds a picture of a step.
  ///
  /// - Throws: `FileError` when the file cannot be written.
  func add(_ picture: PixelImage, name: String, step: Int) throws {
    var image = ProtobufMessage()
    image.add(1, picture.height)
    image.add(2, picture.width)
    image.add(3, 3)
    image.add(4, try picture.encodePNG())
    var value = ProtobufMessage()
    value.add(1, name)
    value.add(4, image)
    try append([value], step: step)
  }

  /// Adds a `Summary` of values.
  private func append(_ values: [ProtobufMessage], step: Int) throws {
    var summary = ProtobufMessage()
    for value in values { summary.add(1, value) }
    try append(step: step) { $0.add(5, summary) }
  }

  private func append(step: Int, _ what: (inout ProtobufMessage) -> Void) throws {
    var event = ProtobufMessage()
    event.add(1, clock())
    event.add(2, step)
    what(&event)
    try FileWriter(descriptor: file.fileDescriptor, path: path).append(Self.record(event.data))
  }

  /// A message as it stands in a TFRecord file.
  static func record(_ message: Data) -> Data {
    let length = bytes(UInt64(message.count), 8)
    return length + bytes(UInt64(checksum(length)), 4) + message
      + bytes(UInt64(checksum(message)), 4)
  }

  /// The masked checksum of TFRecord files: rotated and shifted by a constant, so that one of data that hold checksums is sound.
  static func checksum(_ data: Data) -> UInt32 {
    let sum = data.withUnsafeBytes { CRC32.castagnoli.of($0) }
    return ((sum >> 15) | (sum << 17)) &+ 0xA282_EAD8
  }

  private static func bytes(_ value: UInt64, _ count: UInt64) -> Data {
    Data((0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
  }
}

extension ProtobufMessage {
  /// A `tensorflow.TensorProto` of float32 values, in rows of equal length.
  fileprivate init(tensor rows: [[Double]]) {
    var shape = ProtobufMessage()
    for size in [rows.count, rows.first?.count ?? 0] {
      var dimension = ProtobufMessage()
      dimension.add(1, size)
      shape.add(2, dimension)
    }
    self.init()
    add(1, 1)  // float32
    add(2, shape)
    add(4, rows.joined().map(Float.init).withUnsafeBytes { Data($0) })
  }
}

import DetBasics
import DetCommand
import DetTensor
import Foundation

/// `smnas devices`: what libtorch can compute on here. The search half asks it, too.
enum DevicesVerb: TensorVerb {
  static let word = TorchVerb.devices
  static let speed = Flag("--speed", "also time a matrix product on the processor")
  static let threads = Option<ThreadCount>(
    "--threads", "N", "threads to time with (default: one per core)")
  static let syntax = Syntax(speed, threads, Flag.json)

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let threads = arguments[threads]?.value ?? ProcessInfo.processInfo.activeProcessorCount
    let report = DeviceReport(
      libtorch: Torch.version, devices: Torch.devices.map(\.description),
      productRate: arguments[speed] ? productRate(threads: threads) : nil)
    if arguments[Flag.json] {
      try context.output.json(report)
    } else {
      try context.output.line(text(report, threads: threads))
    }
    return .done
  }

  private static func text(_ report: DeviceReport, threads: Int) -> String {
    let facts = "libtorch \(report.libtorch), devices: \(report.devices.joined(separator: ", "))"
    guard let rate = report.productRate else { return facts }
    return facts
      + "\n\((rate / 1e9).fixed(1)) G multiply-accumulates a second in a matrix product, "
      + (threads == 1 ? "one thread" : "\(threads) threads")
  }

  /// Multiply-accumulates a second: the best of a few products of 512 x 512 matrices.
  private static func productRate(threads: Int) -> Double {
    Torch.threads = threads
    let size = 512
    let matrix = Tensor.ones([size, size])
    let clock = ContinuousClock()
    var best = Double.infinity
    for _ in 0..<8 {
      let time = clock.measure { _ = matrix.matrixProduct(matrix) }
      best = min(best, time.inSeconds)
    }
    return Double(size * size * size) / max(best, 1e-9)
  }
}

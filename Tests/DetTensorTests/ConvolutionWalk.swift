import DetBasics
import DetTensor
import Foundation

/// Convolutions of many shapes with their gradients, against a wider kind; writes to a file where it is.
struct ConvolutionWalk {
  /// The variable of the environment that names the file.
  static let placeVariable = "CONVOLUTION_WALK"

  let dtype: DType
  /// The largest error, in parts of the largest value.
  let bound: Double

  private struct Case: CustomStringConvertible {
    let kernel: Int
    let stride: Int
    let channels: (inputs: Int, outputs: Int)
    let size: (height: Int, width: Int)
    let images: Int
    let groups: Int
    var description: String {
      "\(images)x\(channels.inputs)→\(channels.outputs) kernel \(kernel) stride \(stride) "
        + "groups \(groups) \(size.height)x\(size.width)"
    }
  }

  private var cases: [Case] {
    var cases: [Case] = []
    for (kernel, stride) in [(1, 1), (1, 2), (3, 1), (3, 2), (7, 2)] {
      for channels in [(3, 16), (7, 5), (8, 16), (16, 16), (24, 40), (33, 17), (64, 128)]
      where kernel < 7 || channels.0 == 3 {
        for size in [(16, 16), (9, 7), (1, 1), (14, 15)] where kernel == 1 || size.0 > 1 {
          for images in 1...3 {
            cases.append(
              Case(
                kernel: kernel, stride: stride, channels: channels, size: size, images: images,
                groups: 1))
          }
        }
      }
      for (channels, groups) in [((8, 16), 2), ((32, 64), 2), ((12, 12), 12)] where kernel < 7 {
        cases.append(
          Case(
            kernel: kernel, stride: stride, channels: channels, size: (16, 16), images: 2,
            groups: groups))
      }
    }
    return cases
  }

  func run() throws {
    let path = ProcessInfo.processInfo.environment[Self.placeVariable] ?? ""
    try Data().write(to: URL(filePath: path))
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    func say(_ line: String) { file.write(Data((line + "\n").utf8)) }
    for threads in [2, 1] {
      Torch.threads = threads
      for it in cases { check(it, threads: threads, say) }
    }
    say("end")
  }

  private func check(_ it: Case, threads: Int, _ say: (String) -> Void) {
    var generator = Generator(seed: 1)
    let (inputs, outputs) = it.channels
    let x = Tensor.normal([it.images, inputs, it.size.height, it.size.width], using: &generator)
    let weight = Tensor.normal(
      [outputs, inputs / it.groups, it.kernel, it.kernel], using: &generator)
    // The kind rounds what goes in, once for both sides.
    let maps = x.to(dtype).channelsLast()
    let values = [maps, weight.to(dtype)]
    let wider: DType = dtype == .float32 ? .float64 : .float32
    for part in ["forward", "map", "filters"] {
      say("\(it), \(threads) threads, \(part)")
      let trains = part == "forward" ? [] : [part == "map" ? 0 : 1]
      let found = result(it, values, trains)
      let wanted = result(it, values.map { $0.to(wider).contiguous() }, trains)
      let largest = wanted.abs().amax().item()
      let error = (found.to(wider) - wanted).abs().amax().item() / largest
      guard error < bound else {
        say("is off by \(error) of the largest value, and may be by \(bound)")
        exit(1)
      }
    }
  }

  /// The output where nothing trains, else the gradient of what does.
  private func result(_ it: Case, _ values: [Tensor], _ trains: [Int]) -> Tensor {
    let values = values.enumerated().map {
      trains.contains($0) ? $1.detached().requiringGradient() : $1
    }
    let y = values[0].convolved(
      values[1], stride: it.stride, padding: it.kernel / 2, groups: it.groups)
    guard let part = trains.first else { return y }
    var generator = Generator(seed: 2)
    // In bfloat16 for both, so that both sides have the same to sum.
    let gradient = Tensor.normal(y.shape, using: &generator).to(.bfloat16).to(y.dtype)
    y.backward(gradient.channelsLast())
    return values[part].gradient ?? y
  }
}

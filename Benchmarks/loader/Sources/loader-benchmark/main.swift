// Images per second of the loader over a folder of images: decode, resize, normalise, pack.
//
//   loader-benchmark FOLDER WIDTHxHEIGHT [--threads 2] [--batch 16] [--layout planar|channelsLast] [--rounds 3]
import DetData
import Foundation

let arguments = CommandLine.arguments
func option(_ name: String, _ usual: String) -> String {
  arguments.firstIndex(of: name).map { arguments[$0 + 1] } ?? usual
}
guard arguments.count >= 3, let input = PixelSize(arguments[2]) else {
  print("usage: loader-benchmark FOLDER WIDTHxHEIGHT [--threads 2] [--batch 16] [--layout planar] [--rounds 3]")
  exit(64)
}
let files = try FileManager.default.contentsOfDirectory(atPath: arguments[1])
  .filter { $0.hasSuffix(".jpg") }.sorted()
let samples = try files.enumerated().map { index, name in
  let path = arguments[1] + "/" + name
  return Sample(
    imageID: Int64(index) + 1, content: .file(path), imageSize: try ImageFile.size(path),
    boxes: [LabelledBox(x0: 10, y0: 10, x1: 100, y1: 100, category: 0)])
}
let dataset = Dataset(name: arguments[1], categories: [Category(id: 1, name: "thing")], samples: samples)
var configuration = LoaderConfiguration.training(
  input: input, batchSize: Int(option("--batch", "16")) ?? 16, seed: 1)
configuration.cacheBytes = 0
configuration.layout = option("--layout", "planar") == "planar" ? .planar : .channelsLast
let loader = Loader(
  dataset: dataset, configuration: configuration, threads: Int(option("--threads", "2")) ?? 2)

/// Processor seconds of all threads so far, and the largest memory in MB.
func usage() -> (seconds: Double, megabytes: Int) {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
  let micro = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
  return (seconds + micro / 1e6, Int(usage.ru_maxrss) / 1024)
}

for round in 0..<(Int(option("--rounds", "3")) ?? 3) {
  let start = Date()
  let before = usage().seconds
  var images = 0
  var sum: Float = 0
  let stream = loader.batches(epoch: round)
  while let batch = try stream.next() {
    images += batch.count
    sum += batch.value(image: 0, channel: 0, x: 1, y: 1)
  }
  let seconds = Date().timeIntervalSince(start)
  let after = usage()
  let milliseconds = (after.seconds - before) / Double(images) * 1000
  print(
    "\(input) \(configuration.layout) threads \(loader.threads) round \(round): \(images) images, "
      + "\(Int(Double(images) / seconds)) images/s, \((milliseconds * 100).rounded() / 100) ms of processor per image, "
      + "peak \(after.megabytes) MB (bound \(loader.mostBytes >> 20) MB and the program, check \(sum.isFinite))")
}

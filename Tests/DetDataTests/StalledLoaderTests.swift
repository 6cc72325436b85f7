import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetData

/// A read that never ends is named, instead of stopping a training for ever.
struct StalledLoaderTests {
  @Test func anImageThatIsNeverReadyIsNamedWithItsPlace() throws {
    let folder = try TemporaryFolder()
    let image = PixelImage(
      width: 64, height: 64, pixels: [UInt8](repeating: 9, count: 64 * 64 * 3))
    let samples = try (1...4).map { id in
      let path = try folder.write("\(id).png", image.encodePNG())
      return Sample(
        imageID: Int64(id), content: .file(path), imageSize: PixelSize(width: 64, height: 64),
        region: PixelRegion(x: 0, y: 0, width: 32, height: 32))
    }
    let dataset = Dataset(name: "set", categories: [], samples: samples)
    var configuration = LoaderConfiguration(
      input: PixelSize(width: 32, height: 32), batchSize: 2)
    configuration.patience = 2
    let loader = Loader(dataset: dataset, configuration: configuration, threads: 1)
    // Somebody else is at work on the third image, and never ends: what waits for it hangs like a read.
    let (begun, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    defer { release.signal() }
    let cache = loader.renderer.cache
    let path = samples[2].path
    Thread.detachNewThread {
      _ = try? cache.picture(path) {
        begun.signal()
        release.wait()
        return image
      }
    }
    begun.wait()
    let batches = loader.batches()
    #expect(try batches.next()?.count == 2)
    let error = #expect(throws: FileError.self) { try batches.next() }
    #expect(error?.path == samples[2].place)
    #expect(error?.surroundings == .diskFailed)
    #expect(error?.problem.contains("cannot read the image within 2 s") == true)
  }
}

import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetData

@Suite struct ImageDecodingTests {
  struct File: Decodable {
    struct Case: Decodable {
      let name: String
      @Base64 var file: Data
      let width: Int
      let height: Int
      @Base64 var pixels: Data
    }
    let pillow: String
    let cases: [Case]
  }

  private static func cases() throws -> [File.Case] {
    try Golden.read(File.self, "images.json").cases
  }

  @Test func everyKindOfFileDecodesAsPillowDecodesIt() throws {
    for golden in try Self.cases() {
      let image = try PixelImage.decode(golden.file, place: golden.name)
      #expect(image.size == PixelSize(width: golden.width, height: golden.height), "\(golden.name)")
      // Pillow brings another build of the JPEG library: one step of rounding is allowed there.
      let tolerance = golden.name.hasPrefix("png") ? 0 : golden.name.contains("cmyk") ? 2 : 1
      let worst = zip(image.pixels, golden.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 255
      #expect(worst <= tolerance, "\(golden.name) differs by \(worst)")
    }
  }

  @Test func headerAloneGivesTheUprightSize() throws {
    let folder = try TemporaryFolder()
    for golden in try Self.cases() {
      let path = try folder.write("image", golden.file)
      #expect(try ImageFile.size(path) == PixelSize(width: golden.width, height: golden.height))
    }
  }

  @Test func everyTruncationIsAnErrorThatNamesTheFile() throws {
    for golden in try Self.cases() {
      // A JPEG that lacks the two bytes of its end mark alone has lost no pixel.
      let whole = golden.file.count - (golden.name.hasPrefix("jpeg") ? 2 : 0)
      for count in stride(from: 0, to: whole, by: 7) {
        let text = thrown {
          try PixelImage.decode(golden.file.prefix(count), place: "some/file.png")
        }
        #expect(text.hasPrefix("some/file.png: "), "\(golden.name) cut at \(count): \(text)")
      }
    }
  }

  @Test func claimedSizeIsCheckedBeforeMemoryIsAsked() throws {
    var png = try PixelImage(width: 4, height: 4).encodePNG()
    // Width and height of 100,000 in the header, its checksum corrected.
    png.replaceSubrange(16..<24, with: [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0])
    png.replaceSubrange(29..<33, with: [0xE7, 0xC9, 0xDD, 0x4D])
    let text = thrown { try PixelImage.decode(png, place: "bomb.png") }
    #expect(text.hasPrefix("bomb.png: "))
    var options = DecodeOptions()
    options.limits = ImageLimits(pixels: 15)
    let small = try PixelImage(width: 4, height: 4).encodePNG()
    let refused = thrown { try PixelImage.decode(small, place: "a.png", options: options) }
    #expect(refused.contains("claims 4x4 pixels, more than the 15 allowed"))
  }

  /// Found by fuzzing: 46 bytes of PNG in which a text claims 1.2 gigabytes, which libpng went to fetch.
  @Test func aTextThatClaimsGigabytesIsNotFetched() async throws {
    await #expect(processExitsWith: .success) {
      let png =
        "iVBORw0KGgoAAAANSUhEUgAAAA0AAAAJCAIAAABmGDE9TAAAJGlUWHRJREFUeA=="
      let data = try #require(Data(base64Encoded: png))
      let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      let used = try #require(pages.split(separator: " ").first.flatMap { UInt($0) }) * 4096
      var limit = rlimit(rlim_cur: used + (512 << 20), rlim_max: used + (512 << 20))
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
      let text = thrown { try ImageFile.header(data, place: "a.png") }
      try #require(text.contains("the file ends too early"), "\(text)")
    }
  }

  @Test func wrongKindsAreNamed() throws {
    let folder = try TemporaryFolder()
    #expect(thrown { try PixelImage.decode("\(folder.path)/none.png") }.contains("No such file"))
    #expect(thrown { try PixelImage.decode(folder.path) }.contains("is not a file"))
    let text = try folder.write("a.png", "hello")
    #expect(thrown { try PixelImage.decode(text) }.contains("neither JPEG nor PNG"))
    let empty = try folder.write("b.png", "")
    #expect(thrown { try ImageFile.size(empty) }.contains("the file is empty"))
  }

  @Test func encodingAndDecodingGivesTheSamePicture() throws {
    let image = ramp(37, 21)
    #expect(try PixelImage.decode(try image.encodePNG(), place: "png") == image)
    let back = try PixelImage.decode(try image.encodeJPEG(quality: 100), place: "jpeg")
    let worst = zip(image.pixels, back.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 255
    #expect(worst < 40)
  }

  @Test func decoderShrinksByHalvingsNeverBelowTheWish() throws {
    let jpeg = try ramp(100, 60).encodeJPEG()
    func size(atLeast: PixelSize) throws -> PixelSize {
      try PixelImage.decode(jpeg, place: "a", options: DecodeOptions(atLeast: atLeast)).size
    }
    #expect(
      try size(atLeast: PixelSize(width: 51, height: 30)) == PixelSize(width: 100, height: 60))
    #expect(try size(atLeast: PixelSize(width: 50, height: 30)) == PixelSize(width: 50, height: 30))
    #expect(try size(atLeast: PixelSize(width: 20, height: 12)) == PixelSize(width: 25, height: 15))
    #expect(try size(atLeast: PixelSize(width: 1, height: 1)) == PixelSize(width: 13, height: 8))
  }

  @Test func orientationIsLeftAloneWhenTheAnnotationsMeanTheStoredPixels() throws {
    let cases = try Self.cases()
    let turned = try #require(cases.first { $0.name == "jpeg exif 6" })
    func size(_ turning: DecodeOptions.Turning) throws -> PixelSize {
      try PixelImage.decode(turned.file, place: "a", options: DecodeOptions(turning: turning)).size
    }
    let stored = PixelSize(width: 13, height: 9)
    #expect(try size(.matching(stored)) == stored)
    #expect(try size(.matching(stored.turned)) == stored.turned)
    #expect(try size(.upright) == stored.turned)
    let text = thrown { try size(.matching(PixelSize(width: 5, height: 5))) }
    #expect(text.contains("the annotations say 5x5, the image is 9x13"))
  }

  @Test func damagedFilesNeverDoMoreThanThrow() throws {
    var generator = Generator(seed: 11)
    var (read, refused) = (0, 0)
    for golden in try Self.cases() {
      for _ in 0..<60 {
        var file = golden.file
        for _ in 0..<(1 + generator.index(below: 4)) {
          file[generator.index(below: file.count)] = UInt8(generator.index(below: 256))
        }
        var options = DecodeOptions()
        options.limits = ImageLimits(pixels: 1 << 20)
        do {
          let image = try PixelImage.decode(file, place: golden.name, options: options)
          #expect(image.pixels.count == 3 * image.size.area)
          read += 1
        } catch {
          #expect("\(error)".hasPrefix(golden.name), "\(error)")
          refused += 1
        }
      }
    }
    #expect(read > 20 && refused > 20, "\(read) read, \(refused) refused")
  }
}

// fuzz: modules DetBasics
// fuzz: sources Sources/DetData/Images/PNGChunks.swift Sources/DetData/Images/ImageOrientation.swift
// fuzz: sources Sources/DetData/Images/ImageOrientation+EXIF.swift Sources/DetData/Images/PixelImage.swift
// fuzz: sources Sources/DetData/Images/PixelRegion.swift Sources/DetData/Images/PixelSize.swift
// fuzz: sources Fuzz/Support/require.swift Fuzz/Support/plain_png.swift
// fuzz: dictionary png
// fuzz: length 512
import Foundation

/// The orientation that a PNG states before or behind its pixels: what the head and the tail of a file say is what a plain walk
/// over all chunks of the file says of those that lie in them whole, bytes without an `eXIf` say nothing, and in a tail only a
/// chunk of the right checksum says anything.
///
/// The first byte says how much of the file is its head, the second how much its tail, the third whether checksums are mended;
/// the chunks follow.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPNGChunks(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  guard count > 3 else { return 0 }
  var file =
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    + [UInt8](UnsafeBufferPointer(start: bytes + 3, count: count - 3))
  if bytes[2] % 8 != 7 { PlainPNG.mend(&file) }
  let headCount = file.count * Int(bytes[0]) / 255
  let tailStart = file.count - file.count * Int(bytes[1]) / 255
  // In memory of their own, so that reads beyond them are seen.
  let head = [UInt8](file[..<headCount])
  let tail = Data(file[tailStart...])
  var asked = 0
  let found = head.withUnsafeBufferPointer {
    PNGChunks.orientation(head: $0) {
      asked += 1
      return tail
    }
  }
  require(asked <= 1, "a tail that is read twice")
  let isSilent = !PlainPNG.speaks(head[...]) && !PlainPNG.speaks(file[tailStart...])
  require(!isSilent || found == .upright, "an orientation out of nothing")
  require(
    asked == 0 || found == .upright || PlainPNG.states(found.rawValue, file[tailStart...]),
    "an orientation by a chunk that is not whole")
  guard let chunks = PlainPNG.chunks(file) else { return 0 }
  let inHead = chunks.prefix { $0.kind != "IDAT" }.first {
    $0.kind == "eXIf" && $0.range.upperBound <= headCount
  }
  require((asked == 0) == (inHead != nil), "a tail that is read although the head tells")
  let stated = inHead ?? chunks.first { $0.kind == "eXIf" && $0.range.lowerBound >= tailStart }
  let orientation = stated.flatMap { PlainPNG.orientation(exif: file[$0.content]) } ?? 1
  require(found.rawValue == orientation, "another orientation than a walk over the file finds")
  return 0
}

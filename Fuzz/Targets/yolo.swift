// fuzz: modules CTurboJPEG CPNG CCairo CExpat CSimdJSON CImage CJSON DetBasics DetJSON DetData
// fuzz: packages libturbojpeg libpng cairo expat
// fuzz: link simdjson
// fuzz: dictionary yolo
// fuzz: length 256
import DetData
import Foundation

/// YOLO's text and data files, and Darknet's: boxes are finite and of a class that there is, names are not empty, every error has a
/// place.
///
/// The first byte of an input says which of the three readers gets the rest.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzYOLO(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  guard let bytes, count > 0 else { return 0 }
  let text = String(
    decoding: UnsafeBufferPointer(start: bytes + 1, count: count - 1), as: UTF8.self)
  switch bytes[0] & 3 {
  case 0, 2: readLines(text)
  case 1: readDataFile(text)
  default: readDarknet(text)
  }
  return 0
}

private func readLines(_ text: String) {
  for line in text.split(whereSeparator: \.isNewline) {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard !words.isEmpty else { continue }
    do {
      let read = try YOLOLine(words, classCount: 3, place: "in.txt:1")
      precondition((0..<3).contains(read.category) && read.edges.count == 4)
      precondition(read.edges.allSatisfy { $0.isFinite && abs($0) <= 4 })
      precondition(read.edges[0] <= read.edges[2] || words.count == 5 || words.count % 2 == 0)
      precondition(read.repairs.allSatisfy { $0.place == "in.txt:1" && !$0.detail.isEmpty })
    } catch {
      checkPlace(error, "in.txt:1")
    }
  }
}

private func readDataFile(_ text: String) {
  do {
    let file = try YOLODataFile(text: text, path: "in.yaml")
    precondition(file.names.allSatisfy { !$0.isEmpty })
  } catch {
    checkPlace(error, "in.yaml:")
  }
}

private func readDarknet(_ text: String) {
  do {
    for (key, entry) in try YOLODataFile.darknetValues(text, "in.data") {
      precondition(!key.isEmpty && !entry.value.isEmpty && entry.line >= 1)
      precondition(!key.contains("=") && !(key + entry.value).contains(where: \.isNewline))
    }
  } catch {
    checkPlace(error, "in.data:")
  }
}

private func checkPlace(_ error: any Error, _ beginning: String) {
  guard let error = error as? DataError else { preconditionFailure("\(error)") }
  precondition(error.place.hasPrefix(beginning) && !error.problem.isEmpty && !error.cure.isEmpty)
}

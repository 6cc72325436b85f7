// fuzz: modules CTurboJPEG CPNG CCairo CExpat CSimdJSON CImage CJSON DetBasics DetJSON DetData
// fuzz: packages libturbojpeg libpng cairo expat
// fuzz: link simdjson
// fuzz: dictionary voc
// fuzz: length 512
import DetData
import Foundation

/// Pascal VOC: what is taken for an annotation has names, finite corners and a place; anything else is an error with one.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzVOC(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  guard let bytes, count > 0 else { return 0 }
  do {
    let annotation = try VOCAnnotation(Data(bytes: bytes, count: count), place: "in.xml")
    if let size = annotation.size {
      precondition(size.pixels.width > 0 && size.pixels.height > 0 && size.line >= 1)
    }
    for index in 0..<annotation.objectCount { check(annotation, index) }
  } catch {
    checkPlace(error)
  }
  return 0
}

private func check(_ annotation: VOCAnnotation, _ index: Int) {
  do {
    let object = try annotation.object(index)
    precondition(!object.name.isEmpty && object.corners.count == 4)
    precondition(object.corners.allSatisfy(\.isFinite))
    precondition(object.place.hasPrefix("in.xml:"))
  } catch {
    checkPlace(error)
  }
}

private func checkPlace(_ error: any Error) {
  guard let error = error as? DataError else { preconditionFailure("another error: \(error)") }
  precondition(error.place.hasPrefix("in.xml") && !error.problem.isEmpty)
}

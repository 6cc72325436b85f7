import CJSON
import DetBasics
import Foundation

/// Pieces of COCO's JSON that both its files share.
enum COCOText {
  /// A box as `[x,y,w,h]`, each number in the fewest digits that read back as the same number.
  static func box(_ box: COCOBox) -> String {
    "[\(box.x),\(box.y),\(box.width),\(box.height)]"
  }

  /// Box `place` of a block's flat numbers.
  @inline(__always)
  static func box(_ numbers: UnsafePointer<Double>, _ place: Int) -> COCOBox {
    COCOBox(
      x: numbers[4 * place], y: numbers[4 * place + 1], width: numbers[4 * place + 2],
      height: numbers[4 * place + 3])
  }

  /// A text in quotes, escaped.
  static func quoted(_ text: String) throws -> String { try JSON.text(text) }
}

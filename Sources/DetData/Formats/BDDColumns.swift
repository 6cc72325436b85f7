import CJSON
import DetJSON

/// The columns of a file of BDD100K labels, freed with this object.
final class BDDColumns {
  private let handle: UnsafeMutablePointer<cjson_bdd>
  /// Frames that do not say what they should in the way they should, by the number of the image that stands for each.
  let odd: [Int: OddElement]

  /// Reads the file; what is wrong with its text is told with line, column and key.
  init(_ path: String) throws {
    let source = JSONSource.file(path)
    (handle, odd) = try source.withShim { shim in
      var failure = CJSONFailure()
      var result: UnsafeMutablePointer<cjson_bdd>?
      guard cjson_read_bdd(&shim, 1, &result, &failure), let result else {
        throw source.error(failure)
      }
      do {
        let odd = try UnsafeBufferPointer(
          start: result.pointee.odd, count: result.pointee.odd_count
        )
        .map { odd in
          let element = try source.element(odd, in: "frames", after: 0) {
            cjson_bdd_locate(result, $0, &$1, &$2, &$3)
          }
          return (element.row, element)
        }
        return (result, Dictionary(uniqueKeysWithValues: odd))
      } catch {
        cjson_bdd_free(result)
        throw error
      }
    }
  }

  deinit { cjson_bdd_free(handle) }

  /// The images' names.
  var images: UnsafeBufferPointer<cjson_bdd_image> {
    UnsafeBufferPointer(start: handle.pointee.images, count: handle.pointee.image_count)
  }

  /// How many labels had no box.
  var labelsWithoutBox: Int { handle.pointee.label_count_without_box }

  /// The boxes of all images.
  var boxes: UnsafeBufferPointer<cjson_bdd_box> {
    UnsafeBufferPointer(start: handle.pointee.boxes, count: handle.pointee.box_count)
  }

  /// The classes' names.
  var categories: UnsafeBufferPointer<cjson_bdd_category> {
    UnsafeBufferPointer(start: handle.pointee.categories, count: handle.pointee.category_count)
  }
}

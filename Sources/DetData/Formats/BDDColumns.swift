import CJSON

/// The columns of a file of BDD100K labels, freed with this object.
final class BDDColumns {
  private let handle: UnsafeMutablePointer<cjson_bdd>

  /// Reads the file; what is wrong with its text is an error about `path`.
  init(_ path: String) throws {
    var result: UnsafeMutablePointer<cjson_bdd>?
    var message = [CChar](repeating: 0, count: Int(CJSON_MESSAGE_BYTES))
    guard cjson_read_bdd(path, &result, &message) == 0, let result else {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw DataError(
        place: path, problem: String(decoding: text, as: UTF8.self),
        cure: "give BDD100K detection labels")
    }
    handle = result
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

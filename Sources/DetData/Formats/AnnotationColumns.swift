import CJSON

/// The columns of a JSON annotation file, freed with this object.
final class AnnotationColumns {
  private let handle: UnsafeMutablePointer<cjson_annotations>

  /// Reads with `cjson_read_coco` or `cjson_read_bdd`; what is wrong with the text is an error about `path`.
  init(
    _ path: String, cure: String,
    read: (
      UnsafePointer<CChar>?, UnsafeMutablePointer<UnsafeMutablePointer<cjson_annotations>?>?,
      UnsafeMutablePointer<CChar>?
    ) -> Int32
  ) throws {
    var result: UnsafeMutablePointer<cjson_annotations>?
    var message = [CChar](repeating: 0, count: Int(CJSON_MESSAGE_BYTES))
    guard read(path, &result, &message) == 0, let result else {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw DataError(place: path, problem: String(decoding: text, as: UTF8.self), cure: cure)
    }
    handle = result
  }

  deinit { cjson_annotations_free(handle) }

  /// The images.
  var images: UnsafeBufferPointer<cjson_image> {
    UnsafeBufferPointer(start: handle.pointee.images, count: handle.pointee.image_count)
  }

  /// The boxes of all images.
  var boxes: UnsafeBufferPointer<cjson_box> {
    UnsafeBufferPointer(start: handle.pointee.boxes, count: handle.pointee.box_count)
  }

  /// The classes.
  var categories: UnsafeBufferPointer<cjson_category> {
    UnsafeBufferPointer(start: handle.pointee.categories, count: handle.pointee.category_count)
  }
}

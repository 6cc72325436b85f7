import DetBasics

/// How the boxes of an image and its orientation go together, for every format.
///
/// Boxes lie on the upright picture, as the format's own tools show it, unless the size that the annotations state is that
/// of the stored pixels: then the picture is left as it is stored. A stated size with its sides changed over is taken
/// as the image's where the boxes fit into that. Where nothing stated tells upright from stored (half turns, mirrored
/// or square pictures), the picture counts as upright, and one note says how many there are.
extension BoxIntake {
  /// The size of the picture of `image` that its boxes lie on.
  ///
  /// `header` is what the image's file says, `stated` the size that the annotations state with its place; `fits` tells
  /// whether the boxes lie within a size, and is asked when the stated one is neither that of the upright picture nor the
  /// stored one.
  mutating func size(
    of image: String, _ header: ImageFile.Header, stated: (size: PixelSize, place: String)?,
    fits: (PixelSize) -> Bool = { _ in true }
  ) throws -> PixelSize {
    let upright = header.upright
    if header.orientation != .upright, stated == nil || header.stored == upright {
      unclearOrientations.append(image)
    }
    guard let stated, stated.size != upright else { return upright }
    if stated.size == header.stored { return header.stored }
    guard stated.size == upright.turned, fits(upright) else {
      throw DataError(
        place: stated.place,
        problem: "the size is said to be \(stated.size), but \(image) is \(upright)",
        cure: "give the images that were annotated, or correct the size in the file",
        kind: .sizeDiffers)
    }
    note(
      .sizeTurned, stated.place,
      "the size is said to be \(stated.size), and \(image) is \(upright): width and height were changed over"
    )
    return upright
  }

  /// Says once which images were taken as upright without anything that tells.
  mutating func noteOrientations(in place: String) {
    guard let first = unclearOrientations.first else { return }
    let count = unclearOrientations.count
    note(
      .orientationUnclear, place,
      "\(count) \(count == 1 ? "image is" : "images are") turned by EXIF, and nothing stated says whether "
        + "boxes were drawn on the upright picture: taken as upright (\(first)\(count == 1 ? "" : ", …"))"
    )
    unclearOrientations = []
  }

  /// Counts what lies in a folder, and lists what is not looked at further: hidden files, other pictures, and the rest.
  ///
  /// Label files are those that the caller knows for some, and are counted there; here only the hidden ones are.
  mutating func take(_ tree: FolderTree, images: Bool = true, labelFiles: Bool = true) throws {
    if images { find(.image, tree.images.count) }
    for fault in tree.faults { try self.fault(fault) }
    for picture in images ? tree.otherPictures : [] {
      find(.image)
      leaveOut(.image, .otherFile, picture.path, "is no JPEG or PNG by its name and is left out")
    }
    for other in images ? tree.others : [] {
      note(.otherFile, other.path, "is no JPEG or PNG by its name and is left out")
    }
    for link in tree.repeatedLinks {
      note(.folderTwice, link, "is a link to a folder that is read already")
    }
    for hidden in tree.hidden {
      let (pictures, labels) = (images ? hidden.images : 0, labelFiles ? hidden.labels : 0)
      guard pictures + labels > 0 else { continue }
      let words = [(pictures, "image"), (labels, "label file")].filter { $0.0 > 0 }
        .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: " and ")
      note(.hiddenFile, hidden.path, "is hidden; \(words) left out")
      find(.image, pictures)
      leaveOut(.image, pictures, because: .repair(.hiddenFile))
      find(.labelFile, labels)
      leaveOut(.labelFile, labels, because: .repair(.hiddenFile))
    }
  }
}

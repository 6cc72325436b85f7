import DetData

/// What the kinds of findings and repairs are called on a page.
enum DoctorWording {
  static func title(_ kind: Finding.Kind) -> String {
    switch kind {
    case .annotationBroken: "Annotations that cannot be used"
    case .pathOutside: "Paths that lead out of the folder of images"
    case .unknownImage: "Annotations of images that are not there"
    case .unknownClass: "Annotations of classes that are not there"
    case .idTwice: "Numbers used twice"
    case .imageMissing: "Missing images"
    case .imageBroken: "Broken images"
    case .sizeDiffers: "Images of another size than was annotated"
    case .leakage: "The same image in both data sets"
    case .nearLeakage: "Near-duplicates across the two data sets"
    case .imageTwice: "The same image twice"
    case .nearDuplicate: "Near-duplicates"
    case .imageBlank: "Images of a single colour"
    case .boxWithoutArea: "Boxes without area"
    case .boxClipped: "Boxes that reach beyond the image"
    case .boxTwice: "Boxes given twice"
    case .boxTiny: "Boxes less than two pixels thin"
    case .classEmpty: "Classes without examples"
    case .classesDiffer: "Different classes in the two data sets"
    }
  }

  static func title(_ kind: Repair.Kind) -> String {
    switch kind {
    case .boxClipped: "Boxes cut at the image's edge"
    case .boxWithoutArea: "Boxes without area left out"
    case .otherClass: "Left out: other classes"
    case .imageMissing: "Left out: missing images"
    case .boxCutByTile: "Boxes left out of tiles that hold less than half of them"
    case .classRenamed: "Classes by their name of today"
    case .labelWithoutBox: "Left out: labels without a box"
    case .otherFile: "Left out: files that are neither JPEG nor PNG"
    }
  }
}

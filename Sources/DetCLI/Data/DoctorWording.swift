import DetData

/// What the kinds of findings and repairs are called on a page.
enum DoctorWording {
  static func title(_ kind: Finding.Kind) -> String {
    switch kind {
    case .annotationBroken: "Annotations that cannot be used"
    case .pathOutside: "Paths that lead out of the folder of images"
    case .unknownImage: "Annotations of images that are not there"
    case .labelsUnclear: "Annotations that belong to no image plainly"
    case .folderUnreadable: "Folders that cannot be read"
    case .foreignFormat: "Files of formats that are not read"
    case .unknownClass: "Annotations of classes that are not there"
    case .idTwice: "Numbers used twice"
    case .classTwice: "Classes of the same name"
    case .boxesOfOtherKind: "Boxes that look like something else"
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
    case .moreBoxesThanJudged: "Images with more boxes than are judged"
    case .annotationIDZero: "Annotations that COCO's own evaluation never counts as found"
    case .classesDiffer: "Different classes in the two data sets"
    }
  }

  static func title(_ kind: Repair.Kind) -> String {
    switch kind {
    case .boxClipped: "Boxes cut at the image's edge"
    case .boxWithoutArea: "Boxes without area left out"
    case .otherClass: "Left out: other classes"
    case .imageMissing: "Left out: missing images"
    case .boxCutByTile: "Boxes ignored in tiles that hold at most half of them"
    case .classRenamed: "Classes by their name of today"
    case .labelWithoutBox: "Left out: labels without a box"
    case .otherFile: "Left out: files that are neither JPEG nor PNG"
    case .nameForm: "Names found in other case or another Unicode form"
    case .nameEnding: "Names found with another ending"
    case .nameSeparators: "Backslashes in names read as separators"
    case .nameFolder: "Names found without the folders they are written with"
    case .nameOfAnnotation: "Images found by the name of their annotation file"
    case .sizeTurned: "Sizes taken with their sides changed over"
    case .orientationUnclear: "Images turned by EXIF, with boxes taken as upright"
    case .outlineBoxed: "Boxes taken around outlines"
    case .valuesLeftOut: "Left out: values beside boxes"
    case .numberForm: "Numbers in another form"
    case .labelFileTwice: "Left out: second label files of the same content"
    case .imageWithoutLabels: "Left out: images that no annotation names"
    case .notListed: "Left out: files that the list does not name"
    case .listedTwice: "Names that a list has twice"
    case .hiddenFile: "Left out: hidden files"
    case .folderTwice: "Left out: links to folders that are read already"
    case .listAsObject: "Objects by ids that were read as the list that belongs there"
    case .idGiven: "Ids given where there was none, or one used twice"
    case .annotationIDZero: "Annotations with the id 0"
    case .classWithoutBoxes: "Left out: classes without boxes that have the name of another"
    case .imageListedTwice: "Left out: second entries for one image"
    case .notExhaustive: "Images of which not all objects are labelled"
    }
  }
}

extension COCOResult {
  /// The twelve numbers as the BDD100K evaluation gives them: each taken per class, then the mean over the
  /// classes that have it (`bdd100k.eval.detect`, which runs COCO's evaluation class by class).
  ///
  /// Where COCO's own mean weighs every defined number alike, this one weighs every class alike; BDD's tables
  /// print them times 100.
  public var classMeanSummary: COCOSummary {
    let each = categories.map { summary(category: $0.id).named.map(\.value) }
    let means = (0..<12).map { place -> Double in
      let defined = each.map { $0[place] }.filter { $0 > -1 }
      return defined.isEmpty ? -1 : defined.reduce(0, +) / Double(defined.count)
    }
    return COCOSummary(
      AP: means[0], AP50: means[1], AP75: means[2], APsmall: means[3], APmedium: means[4],
      APlarge: means[5], AR1: means[6], AR10: means[7], AR100: means[8], ARsmall: means[9],
      ARmedium: means[10], ARlarge: means[11])
  }
}

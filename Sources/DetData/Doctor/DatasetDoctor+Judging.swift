import DetBasics

extension DatasetDoctor {
  /// Images (or tiles, as they are trained on) with more boxes than are kept of what a detector finds: however good it
  /// is, some of them count as missed.
  func countFindings(in seen: Dataset, judged: Int) -> [Finding] {
    seen.samples.compactMap { sample in
      let count = sample.boxes.count { !$0.isIgnored }
      guard count > judged else { return nil }
      return Finding(
        kind: .moreBoxesThanJudged, place: sample.place,
        detail: "has \(count) boxes, and at most \(judged) detections of an image are judged",
        cure:
          "set \"detectionsPerImage\" of the recipe to at least the most boxes of an image, and "
          + "--max-dets of evaluate; or cut the images into tiles")
    }
  }
}

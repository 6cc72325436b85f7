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

  /// Annotations that keep the id 0 of their file.
  func idFindings() -> [Finding] {
    dataset.samples.flatMap { sample in
      sample.boxes.filter { $0.id == 0 && dataset.keepsIDs }.map { box in
        Finding(
          kind: .annotationIDZero, place: sample.place,
          detail:
            "the \(dataset.categories[box.category].name) at \(BoxIntake.words(box)) has the annotation id 0, "
            + "which COCO's own evaluation takes for \"not found\": other tools give another AP",
          cure: "number the annotations from 1")
      }
    }
  }
}

extension Dataset {
  /// Whether boxes have ids of their file: others are numbered from 1, or not at all.
  fileprivate var keepsIDs: Bool {
    samples.contains { $0.boxes.contains { $0.id != 0 } } || boxCount == 1
  }
}

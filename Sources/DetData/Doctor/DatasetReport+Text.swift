import DetBasics

extension DatasetReport {
  /// The report for people; of every kind of finding at most `examples` are shown, and the count of all.
  public func text(examples: Int = 5) -> String {
    let head =
      "\(name): \(images) \(images == 1 ? "image" : "images") (\(emptyImages) without boxes), "
      + "\(boxes) \(boxes == 1 ? "box" : "boxes"), "
      + "\(classes.count) \(classes.count == 1 ? "class" : "classes")"
    return [
      ([head] + account.lines).joined(separator: "\n"), classTable, spreadTable, coverageTable,
      repairLines(examples), findingLines(examples),
    ]
    .filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var classTable: String {
    var table = TextTable(["class", "images", "boxes", "small", "medium", "large", "ignored"])
    for count in classes {
      let numbers = [
        count.images, count.boxes, count.small, count.medium, count.large, count.ignored,
      ]
      table.add([count.name] + numbers.map(String.init))
    }
    return table.text
  }

  private var spreadTable: String {
    var table = TextTable(["", "least", "10%", "median", "90%", "most"])
    func add(_ title: String, _ spread: Spread, _ decimals: Int) {
      let numbers = [spread.least, spread.p10, spread.median, spread.p90, spread.most]
      table.add([title] + numbers.map { $0.fixed(decimals) })
    }
    add("image width", imageWidth, 0)
    add("image height", imageHeight, 0)
    add("boxes per image", boxesPerImage, 0)
    add("box side (root of area)", boxSide, 1)
    add("box width / height", aspectRatio, 2)
    return table.text
  }

  private var coverageTable: String {
    guard !coverage.isEmpty, boxes > 0 else { return "" }
    func percent(_ share: Double) -> String { "\((100 * share).fixed(0))%" }
    var table = TextTable(
      ["input", "IoU 0.5", "IoU 0.7", "RetinaNet 0.5", "below 8 px"]
        + coverage[0].levels.map { "stride \($0.stride)" })
    for line in coverage {
      let shares = [line.recall50, line.recall70, line.dense50, line.tinyShare]
      table.add([line.input] + (shares + line.levels.map(\.share)).map(percent))
    }
    let cut =
      tileSide.map {
        "the images are large and their boxes small: cut into tiles of \($0) x \($0), as init does,\n"
      } ?? ""
    return cut + "what anchors cover of the boxes, and the level that fits best\n" + table.text
  }

  private func repairLines(_ examples: Int) -> String {
    Repair.Kind.allCases.compactMap { kind in
      let these = repairList.filter { $0.kind == kind }
      guard !these.isEmpty else { return nil }
      let lines = these.prefix(examples).map { "  \($0.place): \($0.detail)" }
      let more = these.count > examples ? ["  … and \(these.count - examples) more"] : []
      return (["repaired while reading: \(kind.rawValue) (\(these.count))"] + lines + more)
        .joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private func findingLines(_ examples: Int) -> String {
    guard !findings.isEmpty else { return "nothing to complain about" }
    return groups.map { these in
      let first = these[0]
      let lines = these.prefix(examples).map { "  \($0.place): \($0.detail)" }
      let more = these.count > examples ? ["  … and \(these.count - examples) more"] : []
      return (["\(first.kind.rawValue) (\(these.count)): \(first.cure)"] + lines + more)
        .joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

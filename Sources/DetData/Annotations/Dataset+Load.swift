import DetBasics

extension Dataset {
  /// Reads a data set; what was repaired on the way is in ``repairs``.
  ///
  /// Every image is looked at (its header alone for VOC and YOLO, which need its size; its presence
  /// otherwise), so that a missing one is told now and not hours later.
  public static func load(
    _ source: DatasetSource, faults policy: FaultPolicy = .refuse
  ) throws -> Dataset {
    if let problem = source.problem {
      throw DataError(place: source.annotations ?? source.format.rawValue, problem: problem)
    }
    let source = try source.withClassesOfFile()
    let reader = source.format.reader
    var dataset = try reader.read(source, policy)
    let isListed = policy == .collect && !dataset.account.isWhole
    guard !dataset.samples.isEmpty || !dataset.faults.isEmpty || isListed else {
      let found = dataset.account.line
      let rest = found.isEmpty ? "" : " that can be used: \(found)"
      throw DataError(
        place: dataset.name, problem: "the data set has no images\(rest)",
        cure: "check the paths \"annotations\" and \"images\" of the plan")
    }
    if !reader.takesClasses, let classes = source.classes {
      dataset = try dataset.keeping(classes: classes)
    }
    if let split = source.split { dataset = try dataset.split(split) }
    if let subset = source.subset {
      dataset = dataset.subset(count: subset.count, seed: subset.seed)
    }
    if let tiles = source.tiles { dataset = dataset.tiled(tiles) }
    return dataset
  }

  /// The data set with the named classes alone, in their order; boxes of others are left out and listed.
  public func keeping(classes: [String]) throws -> Dataset {
    let names = categories.map(\.name)
    for wanted in classes where !names.contains(wanted) {
      let hint = Spelling.hint(for: wanted, among: names)
      throw DataError(
        place: name, problem: "there is no class \"\(wanted)\"",
        cure: hint.isEmpty
          ? "the classes are \(names.joined(separator: ", "))" : String(hint.dropFirst(2)))
    }
    let newIndex = names.map { classes.firstIndex(of: $0) }
    var result = self
    result.categories = classes.compactMap { wanted in categories.first { $0.name == wanted } }
    result.samples = samples.compactMap { sample in
      guard let label = sample.label else { return sample }
      var kept = sample
      kept.label = newIndex[label]
      if kept.label == nil {
        result.account.withdraw(.image, 1, because: .repair(.otherClass))
        result.account.withdraw(.label, 1, because: .repair(.otherClass))
        result.repairs.append(
          Repair(
            kind: .otherClass, place: sample.place,
            detail: "the image of the class \(names[label]) is left out"))
      }
      return kept.label == nil ? nil : kept
    }
    for index in result.samples.indices {
      result.samples[index].boxes = result.samples[index].boxes.compactMap { box in
        if let category = newIndex[box.category] {
          var kept = box
          kept.category = category
          return kept
        }
        result.account.withdraw(.label, 1, because: .repair(.otherClass))
        result.repairs.append(
          Repair(
            kind: .otherClass, place: result.samples[index].place,
            detail: "the \(names[box.category]) at \(BoxIntake.words(box)) is left out"))
        return nil
      }
    }
    return result
  }

  /// `count` samples chosen by `seed`, in their old order; all of them when there are not more.
  public func subset(count: Int, seed: UInt64) -> Dataset {
    var generator = Generator(seed: seed).stream("subset")
    let chosen = generator.shuffled(Array(samples.indices)).prefix(count).sorted()
    return keeping(chosen, because: .notInSubset)
  }

  /// The samples at `indices` alone; the others are left out for `reason`.
  func keeping(_ indices: [Int], because reason: DatasetAccount.Reason) -> Dataset {
    var result = self
    result.samples = indices.map { samples[$0] }
    result.account.withdraw(.image, samples.count - indices.count, because: reason)
    result.account.withdraw(.label, labelCount - result.labelCount, because: reason)
    return result
  }

  /// Several data sets as one: classes joined by name, images and boxes renumbered from 1.
  public static func union(_ parts: [Dataset]) -> Dataset {
    var result = Dataset(
      name: parts.map(\.name).joined(separator: " + "), categories: [], samples: [])
    for part in parts {
      let indices = part.categories.map { result.index(ofClass: $0.name) }
      for sample in part.samples {
        var copy = sample
        copy.imageID = Int64(result.samples.count) + 1
        for box in copy.boxes.indices {
          copy.boxes[box].category = indices[copy.boxes[box].category]
        }
        copy.label = copy.label.map { indices[$0] }
        result.samples.append(copy)
      }
      result.repairs += part.repairs
      result.faults += part.faults
      result.account = result.account + part.account
    }
    result.numberBoxes()
    return result
  }

  private mutating func index(ofClass name: String) -> Int {
    if let index = categories.firstIndex(where: { $0.name == name }) { return index }
    categories.append(Category(id: Int64(categories.count) + 1, name: name))
    return categories.count - 1
  }
}

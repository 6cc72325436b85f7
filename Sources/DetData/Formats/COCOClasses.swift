import DetJSON

/// The classes of a COCO file that can be told apart: each with an id and a name of its own.
///
/// A class without annotations whose name another one has is left out and listed: exports put a root class before the
/// others, and a project's name is often that of its class. Two classes of one name that both have annotations are a
/// fault: joined, half of the boxes would carry an id that their detections do not have.
struct COCOClasses {
  private let file: COCOFile
  private let path: String
  private var counts: [Int64: Int] = [:]

  init(_ file: COCOFile, _ path: String) {
    self.file = file
    self.path = path
    for annotation in file.annotations { counts[annotation.category, default: 0] += 1 }
  }

  /// The usable ones, in the order of the file.
  func usable(_ intake: inout BoxIntake) throws -> [Category] {
    var seen: Set<Int64> = []
    var distinct: [COCOFile.Class] = []
    for stated in file.classes {
      let place = file.place(.categories, stated.index)
      let category = stated.category
      if category.name.isEmpty {
        try intake.fault(
          DataError(
            place: place, problem: "the class \(category.id) has no name", cure: "name it"))
      } else if !seen.insert(category.id).inserted {
        try intake.fault(
          DataError(
            place: place, problem: "the id \(category.id) is used twice",
            cure: "renumber the classes", kind: .idTwice))
      } else {
        distinct.append(stated)
      }
    }
    return try withoutNamesakes(distinct, &intake)
  }

  private func withoutNamesakes(
    _ stated: [COCOFile.Class], _ intake: inout BoxIntake
  ) throws -> [Category] {
    let groups = Dictionary(grouping: stated) { $0.category.name }
    var leftOut: Set<Int64> = []
    for one in stated {
      guard let group = groups[one.category.name], group.count > 1,
        group[0].index == one.index
      else { continue }
      let used = group.filter { counts[$0.category.id] != nil }
      if used.count > 1 { try intake.fault(namesakes(used)) }
      let kept = used.isEmpty ? [group[0]] : used
      for other in group where !kept.contains(where: { $0.index == other.index }) {
        leftOut.insert(other.category.id)
        intake.note(
          .classWithoutBoxes, file.place(.categories, other.index),
          "the class \(other.category.id) has no boxes and the name of the class "
            + "\(kept[0].category.id), \"\(other.category.name)\"; it is left out")
      }
    }
    return stated.map(\.category).filter { !leftOut.contains($0.id) }
  }

  private func namesakes(_ group: [COCOFile.Class]) -> DataError {
    let indices = group.map { "categories[\($0.index)]" }.joined(separator: " and ")
    let boxes = group.map { "\(counts[$0.category.id] ?? 0) of \($0.category.id)" }
    return DataError(
      place: "\(path): \(indices)",
      problem: "have the same name, \"\(group[0].category.name)\", and boxes each ("
        + boxes.joined(separator: ", ") + ")",
      cure: "give one of them another name, or all these boxes one category_id", kind: .classTwice)
  }
}

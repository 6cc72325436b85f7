public import DetBasics

/// Precision–recall curves as comma-separated values, for any plotting program.
public enum CurveFile {
  /// Writes COCO's interpolated curves of every class at every IoU threshold, all areas, the largest limit.
  ///
  /// The columns are `class,iou,recall,precision,score`; classes without truth have no rows.
  public static func write(_ result: COCOResult, to file: NewFile) throws {
    var text = "class,iou,recall,precision,score\n"
    for category in result.categories {
      for iou in result.parameters.iouThresholds {
        for point in result.curve(category: category.id, iou: iou) {
          text += "\(quoted(category.label)),\(iou),\(point.recall),\(point.precision),"
          text += "\(point.score)\n"
        }
      }
    }
    try file.write(text)
  }

  /// Writes VOC's curves, one point a detection, best score first; the columns are `class,recall,precision`.
  public static func write(_ result: VOCEvaluation, to file: NewFile) throws {
    var text = "class,recall,precision\n"
    for one in result.classes where one.truthCount > 0 {
      let name = quoted(one.category.label)
      for (recall, precision) in zip(one.recall, one.precision) {
        text += "\(name),\(recall),\(precision)\n"
      }
    }
    try file.write(text)
  }

  /// A name as RFC 4180 wants it: in quotes when it holds a comma, a quote or a line break.
  private static func quoted(_ name: String) -> String {
    guard name.contains(where: { ",\"\n\r".contains($0) }) else { return name }
    return "\"" + name.replacing("\"", with: "\"\"") + "\""
  }
}

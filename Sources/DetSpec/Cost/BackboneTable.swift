package import DetBasics

/// What there is to say of a backbone that was trained as a classifier: a row of the paper's table 6.
public struct BackboneRow: Codable, Sendable, Equatable {
  /// The backbone.
  public let backbone: BackboneSpec
  /// The name of its file of weights in the folder.
  public let file: String
  /// The content of the file, `StableHash.hex(ofFile:)`: to which weights the accuracies belong.
  public let fingerprint: String
  /// The share of validation images whose class has the highest score; nil for weights of other classes, as from elsewhere.
  public let top1: Double?
  /// The share whose class is among the five highest.
  public let top5: Double?
  /// Multiply-accumulates for one image; FLOPs are twice as many.
  public let macs: Int
  /// Bytes that the layers read and write for one image at float32.
  public let memoryAccessBytes: Int
  /// Everything that is trained.
  public let parameters: Int

  /// The row of a backbone whose costs are counted for the classes and the input that it was trained with.
  package init(
    _ backbone: BackboneSpec, file: String, fingerprint: String, metrics: [String: Double],
    cost: ClassifierCost
  ) {
    self.backbone = backbone
    self.file = file
    self.fingerprint = fingerprint
    top1 = metrics["top1"]
    top5 = metrics["top5"]
    macs = cost.macs
    memoryAccessBytes = cost.memoryAccessBytes
    parameters = cost.parameters
  }

  /// The cells in the order of ``BackboneTable/titles``.
  package var cells: [String] {
    [
      backbone.text, Self.percent(top1), Self.percent(top5), Metric.Unit.count.text(Double(macs)),
      Metric.Unit.bytes.text(Double(memoryAccessBytes)), Metric.Unit.count.text(Double(parameters)),
    ]
  }

  private static func percent(_ share: Double?) -> String {
    share.map { "\((100 * $0).fixed(2)) %" } ?? "-"
  }
}

/// The backbones of a folder, as JSON and as Markdown.
public struct BackboneTable: Codable, Sendable, Equatable {
  /// The version of this form.
  public var version = 1
  /// The rows in the order of training.
  public var rows: [BackboneRow] = []

  /// Without rows.
  package init() {}

  /// Takes a row in, in the place of an earlier one of the same backbone.
  package mutating func put(_ row: BackboneRow) {
    if let place = rows.firstIndex(where: { $0.backbone == row.backbone }) {
      rows[place] = row
    } else {
      rows.append(row)
    }
  }

  package static let titles = ["backbone", "top-1", "top-5", "MACs", "memory access", "parameters"]

  /// The table for a terminal, or as Markdown.
  package var table: TextTable {
    var table = TextTable(Self.titles)
    for row in rows { table.add(row.cells) }
    return table
  }

  /// The table for a page; `classes` and `input` say what the numbers are of.
  package func markdown(classes: Int, input: InputSize) -> String {
    let note =
      "\(classes) classes, images of \(input.text). MACs are multiply-accumulates for one image (FLOPs are twice as many); memory access is "
      + "what the layers read and write at float32; weights from elsewhere have no accuracy here."
    return "# Backbones\n\n\(table.markdown)\n\n\(note)\n"
  }
}

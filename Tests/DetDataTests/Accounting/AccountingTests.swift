import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetData

/// Random data sets with planted faults: every fault is listed under its kind, nothing else is lost, and the account of
/// images, label files and labels is to the last one what was planted.
@Suite struct AccountingTests {
  /// The formats of files.
  enum Format: CaseIterable {
    case yolo, voc, folders, coco, bdd

    var writer: any PlantedWriter.Type {
      switch self {
      case .yolo: YOLOWriter.self
      case .voc: VOCWriter.self
      case .folders: ClassFoldersWriter.self
      case .coco: COCOWriter.self
      case .bdd: BDDWriter.self
      }
    }
  }

  @Test(arguments: Format.allCases) func theAccountIsWhatWasPlanted(format: Format) throws {
    let writer = format.writer
    for seed in UInt64(0)..<60 {
      let images = PlantedSet(seed: seed, faults: writer.faults, hasBoxes: writer.hasBoxes).images
      try check(writer, images, "\(writer) with seed \(seed)")
    }
  }

  @Test(arguments: Format.allCases) func everyFaultIsListedWhenItIsAlone(format: Format) throws {
    let writer = format.writer
    for fault in writer.faults {
      for seed in UInt64(0)..<2 {
        let images = PlantedSet(seed: seed, faults: [fault], hasBoxes: writer.hasBoxes).images
        try check(writer, images, "\(writer) with \(fault), seed \(seed)")
      }
    }
  }

  private func check(_ type: any PlantedWriter.Type, _ images: [PlantedImage], _ what: String)
    throws
  {
    let folder = try TemporaryFolder()
    var writer = type.init(folder)
    for image in images { try writer.add(image) }
    let source = try writer.finish()
    let expected = writer.expected
    guard !expected.boxes.isEmpty || !expected.faults.isEmpty else { return }
    let dataset = try Dataset.load(source, faults: .collect)
    #expect(dataset.account == expected.account, "\(what): \(dataset.account.lines)")
    #expect(dataset.account.isBalanced, "\(what)")
    #expect(count(dataset.repairs.map(\.kind)) == expected.repairs, "\(what)")
    #expect(count(dataset.faults.map(\.kind)) == expected.faults, "\(what): \(dataset.faults)")
    let boxes = dataset.samples.map { sample in
      (
        (sample.path as NSString).lastPathComponent,
        sample.boxes.count + (sample.label == nil ? 0 : 1)
      )
    }
    #expect(Dictionary(boxes, uniquingKeysWith: +) == expected.boxes, "\(what)")
    #expect(
      dataset.samples.map(\.imageID) == dataset.samples.indices.map { Int64($0) + 1 }, "\(what)")
    // What training reads is the same, or refused for the first fault.
    let refused = thrown { try Dataset.load(source) }
    #expect(refused.isEmpty == expected.faults.isEmpty, "\(what): \(refused)")
    #expect(
      dataset.faults.allSatisfy { !$0.place.isEmpty && !$0.detail.isEmpty && !$0.cure.isEmpty })
  }

  private func count<Kind: Hashable>(_ kinds: [Kind]) -> [Kind: Int] {
    Dictionary(kinds.map { ($0, 1) }, uniquingKeysWith: +)
  }
}

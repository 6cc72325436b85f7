import DetBasics
import DetMetrics
import Foundation
import TestSupport
import Testing

/// Truths as tools in the wild write them are the same truths.
@Suite struct LooseTruthTests {
  private func read(
    _ text: String
  ) throws -> (truth: GroundTruth, repairs: COCOTruthFile.Repairs) {
    let folder = try TemporaryFolder()
    return try COCOTruthFile.readCountingRepairs(folder.write("gt.json", text))
  }

  private static let plain = """
    {"images":[{"id":7,"width":640,"height":480,"file_name":"a.jpg"}],
     "categories":[{"id":3,"name":"cat"}],
     "annotations":[{"id":1,"image_id":7,"category_id":3,"bbox":[1,2,3,4],"area":12,"iscrowd":0}]}
    """

  @Test(arguments: [
    (#""image_id":7"#, #""image_id":"7""#), (#""category_id":3"#, #""category_id":" 3 ""#),
    (#"{"id":3,"#, #"{"id":"3","#), (#"[1,2,3,4]"#, #"["1",2,"3.0",4]"#),
    (#""iscrowd":0"#, #""iscrowd":"false""#), (#""area":12"#, #""area":"12.0""#),
    (#""width":640"#, #""width":"640""#), (#""id":1,"#, #""id":"1","#),
  ])
  func numbersAsTextsAreNumbers(plain: String, loose: String) throws {
    let text = Self.plain.replacingOccurrences(of: plain, with: loose)
    #expect(text != Self.plain)
    let expected = try read(Self.plain)
    let found = try read(text)
    #expect(found.truth == expected.truth)
    #expect(found.repairs.looseValues == 1 && expected.repairs.isEmpty)
  }

  @Test func outlinesIDsAndSizesAreFilledIn() throws {
    let (truth, repairs) = try read(
      """
      {"images":[{"id":7,"width":-1,"height":null},{"id":"b"}],"categories":[{"id":3}],
       "annotations":[
         {"id":5,"image_id":7,"category_id":3,"segmentation":[[1,2,4,6]],"area":9},
         {"id":5,"image_id":"b","category_id":3,"bbox":[1,2,3,4]},
         {"image_id":7,"category_id":3,"bbox":[1,2,3,4],"iscrowd":null}]}
      """)
    #expect(truth.images[0].width == 0 && truth.images[0].height == 0)
    #expect(truth.annotations.map(\.id) == [5, 6, 7])
    #expect(
      truth.annotations.map(\.box).allSatisfy { $0 == COCOBox(x: 1, y: 2, width: 3, height: 4) })
    #expect(truth.annotations.map(\.area) == [9, 12, 12])
    #expect(truth.annotations[1].imageID == truth.images[1].id)
    #expect(repairs.boxesOfOutlines == 1 && repairs.givenIDs == 4)
    #expect(repairs.looseValues == 3 && repairs.missingAreas == 2)
  }

  /// What has no plain meaning is refused where it stands, with the words for it.
  @Test(arguments: [
    (
      #"[1,2,3,4]"#, #"[1,2,"x",4]"#,
      #"gt.json:3:66: annotations[0].bbox[2]: expected a finite number, found the text "x""#
    ),
    (#""image_id":7,"#, "", #"gt.json:3:17: annotations[0]: the key "image_id" is missing"#),
    (
      #""bbox":[1,2,3,4]"#, #""bbox":null"#,
      "gt.json:3:61: annotations[0].bbox: expected four numbers x, y, width, height, found null"
    ),
    (
      #"{"id":7,"#, #"{"id":{},"#,
      "gt.json:1:18: images[0].id: expected a whole number, found an object"
    ),
  ])
  func whatIsNotPlainIsRefused(plain: String, broken: String, says: String) throws {
    let text = Self.plain.replacingOccurrences(of: plain, with: broken)
    let said = thrown { try read(text) }
    #expect(said.contains(says), "\(said)")
  }
}

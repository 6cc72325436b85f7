import DetBasics
import DetData
import TestSupport
import Testing

@Suite struct DatasetSourceTests {
  func problem(_ text: String) -> String {
    thrown { try JSON.decode(DatasetSource.self, from: text, source: "plan") }
  }

  @Test func readsAndPrintsBack() throws {
    let text =
      #"{"annotations":"a","format":"voc","subset":{"count":5,"seed":2},"tiles":{"keep":0.5,"size":160,"stride":120}}"#
    let source = try JSON.decode(DatasetSource.self, from: text, source: "plan")
    #expect(try JSON.text(source) == text)
    #expect(source.resolved(against: "/data").annotations == "/data/a")
  }

  /// Every key of every format: what is written stays the same to the byte.
  @Test(arguments: [
    #"{"annotations":"a","format":"voc"}"#,
    """
    {"annotations":"a","classFile":"c.txt","firstPixel":0,"format":"voc","ignoreDifficult":true,\
    "imageSet":"set.txt","images":"i","skipMissing":true,"split":{"part":"train","seed":4,"share":0.25},\
    "subset":{"count":5,"seed":2},"tiles":{"keep":0.5,"size":160,"stride":120}}
    """,
    #"{"annotations":"a.json","classes":["car","bus"],"format":"coco","images":"i"}"#,
    #"{"annotations":"a","format":"bdd","skipMissing":false}"#,
    #"{"classes":["tree"],"format":"yolo","images":"i"}"#,
    #"{"annotations":"labels.csv","classFile":"c.txt","format":"folders","images":"i"}"#,
    #"{"classes":["circle","star"],"count":3,"format":"shapes","seed":18446744073709551615,"size":"64x48"}"#,
    #"{"format":"union","parts":[{"count":1,"format":"shapes"},{"annotations":"b","format":"voc"}]}"#,
  ])
  func sourcesAreWrittenAsEver(text: String) throws {
    let source = try JSON.decode(DatasetSource.self, from: text, source: "plan")
    #expect(try JSON.text(source) == text)
  }

  @Test func keysThatMeanNothingAreRefused() {
    #expect(
      problem(#"{"format":"shapes","count":3,"annotations":"a"}"#)
        .contains("the key \"annotations\" means nothing for the format shapes"))
    #expect(problem(#"{"format":"voc","anotations":"a"}"#).contains("did you mean \"annotations\""))
    #expect(problem(#"{"format":"voc"}"#).contains("the key \"annotations\" is missing"))
    #expect(problem(#"{"format":"union","parts":[]}"#).contains("\"parts\""))
    #expect(problem(#"{"format":"vok","annotations":"a"}"#).contains("vok"))
  }

  @Test func wrongValuesSayWhatWouldBeRight() {
    #expect(problem(#"{"format":"shapes","count":0}"#).contains("count is 0; use 1 or more"))
    #expect(problem(#"{"format":"shapes","count":1,"size":"9"}"#).contains("reads like 128x128"))
    #expect(
      problem(#"{"format":"shapes","count":1,"classes":["blob"]}"#).contains(
        "there is no shape \"blob\""))
    #expect(
      problem(#"{"format":"voc","annotations":"a","classes":["t","t"]}"#).contains("\"t\" twice"))
    #expect(
      problem(#"{"format":"voc","annotations":"a","firstPixel":2}"#).contains(
        "firstPixel is 2; use 0 or 1"))
  }

  @Test func aUnionJoinsClassesByName() throws {
    var source = DatasetSource(format: .union)
    let size = PixelSize(width: 64, height: 64)
    source.parts = [
      .shapes(count: 4, size: size, seed: 1, classes: ["circle", "star"]),
      .shapes(count: 5, size: size, seed: 2, classes: ["star", "ring"]),
    ]
    let joined = try Dataset.load(source)
    #expect(joined.categories.map(\.name) == ["circle", "star", "ring"])
    #expect(joined.samples.map(\.imageID) == Array(1...9))
    let ids = joined.samples.flatMap { $0.boxes.map(\.id) }
    #expect(ids == Array(1...Int64(ids.count)))
  }

  @Test func aSubsetIsTheSameForTheSameSeed() throws {
    let all = try Dataset.load(.shapes(count: 30, size: PixelSize(width: 64, height: 64)))
    let some = all.subset(count: 7, seed: 3)
    #expect(some == all.subset(count: 7, seed: 3))
    #expect(some != all.subset(count: 7, seed: 4))
    #expect(some.samples.map(\.imageID) == some.samples.map(\.imageID).sorted())
    #expect(all.subset(count: 99, seed: 3) == all)
  }
}

import DetBasics
import Testing

@testable import DetData

/// Found = used + left out, through all that is chosen from a data set after it was read.
struct DatasetAccountTests {
  private let scenes = DatasetSource.shapes(
    count: 20, size: PixelSize(width: 64, height: 64), classes: ["circle", "star"])

  private func isBalanced(_ dataset: Dataset) -> Bool {
    let account = dataset.account
    return account.isBalanced && account[.image].used == dataset.samples.count
      && account[.label].used == dataset.boxCount
  }

  @Test func aPartThatIsChosenSaysWhatItLeavesOut() throws {
    let all = try Dataset.load(scenes)
    #expect(isBalanced(all) && all.account.isWhole)
    let split = try all.split(Split(part: .train))
    #expect(isBalanced(split))
    #expect(split.account[.image].leftOut == [.otherSplit: 4])
    let subset = split.subset(count: 7, seed: 3)
    #expect(isBalanced(subset))
    #expect(subset.account[.image].leftOut == [.otherSplit: 4, .notInSubset: 9])
    let stars = try all.keeping(classes: ["star"])
    #expect(isBalanced(stars))
    #expect(
      stars.account[.label].leftOut == [.repair(.otherClass): all.boxCount - stars.boxCount])
    #expect(isBalanced(Dataset.union([split, stars])))
  }

  @Test func theLinesAndTheJSONNameEveryReason() throws {
    var account = DatasetAccount()
    account.find(.image, 12)
    account.use(.image, 9)
    account.leaveOut(.image, 2, because: .repair(.imageMissing))
    account.leaveOut(.image, because: .fault(.imageBroken))
    account.find(.label)
    account.use(.label)
    #expect(
      account.lines == [
        "12 images found: 9 used, 3 left out (imageMissing 2, imageBroken 1)",
        "1 label found: all used",
      ])
    #expect(account.isBalanced && !account.isWhole)
    account.find(.labelFile)
    #expect(!account.isBalanced)
    let text = try JSON.text(account)
    #expect(
      text.contains(
        #""image":{"found":12,"leftOut":{"fault.imageBroken":1,"imageMissing":2},"used":9}"#))
    #expect(try JSON.decode(DatasetAccount.self, from: text, source: "account") == account)
  }
}

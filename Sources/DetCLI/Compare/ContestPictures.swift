import DetBasics
import DetCommand
import DetData
import DetExecution
import DetMetrics
import DetTask

/// The images on which two detectors differ most, each with the truth and what both found, in one picture.
struct ContestPictures {
  private let samples: [Int64: Sample]
  private let classes: [Int64: String]
  /// The same in the order by which the data set's boxes name them.
  private let classNames: [String]
  private let titles: (a: String, b: String)

  /// A picture that was drawn.
  struct Drawn: Encodable {
    let image: Int64
    let picture: String
    let a: Count
    let b: Count

    /// What became of one side's detections in it.
    struct Count: Encodable {
      let f1: Double
      let right: Int
      let wrong: Int
      let missed: Int

      init(_ judgement: ImageJudgement) {
        f1 = judgement.f1
        right = judgement.right.count
        wrong = judgement.wrong.count
        missed = judgement.missed.count
      }
    }
  }

  private static let right = Colour(red: 0.16, green: 0.78, blue: 0.36)
  private static let wrong = Colour(red: 0.93, green: 0.22, blue: 0.2)
  private static let missed = Colour(red: 1, green: 0.8, blue: 0.1)
  /// Where no detection is right: as in the pictures of trials.
  private static let usualScore = 0.3

  /// The images of the data set that the truth was made of.
  init(_ dataset: Dataset, _ a: Contest.Side, _ b: Contest.Side) {
    samples = Dictionary(
      dataset.samples.map { ($0.imageID, $0) }, uniquingKeysWith: { first, _ in first })
    classes = Dictionary(
      dataset.categories.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    classNames = dataset.categories.map(\.name)
    titles = (Self.title("A", a), Self.title("B", b))
  }

  private static func title(_ letter: String, _ side: Contest.Side) -> String {
    let words = side.name ?? side.trial.map { "trial \($0)" } ?? FilePath.name(of: side.given)
    return "\(letter) (\(words.count > 24 ? words.prefix(23) + "…" : words))"
  }

  /// Draws at most so many images, those first in which one makes most mistakes more than the other at IoU 0.5; each side shows the
  /// detections from that score on at which its own F1 over all images is greatest.
  func draw(_ judges: ContestJudges, most: Int, into folder: OutputFolder) throws -> [Drawn] {
    let scores = [judges.a, judges.b].map { $0.bestScore() ?? Self.usualScore }
    let judged = zip(
      judges.a.judgements(fromScore: scores[0]), judges.b.judgements(fromScore: scores[1]))
    let pairs = judged.filter { Self.distance($0, $1) > (0, 0) }
      .sorted { Self.distance($0.0, $0.1) > Self.distance($1.0, $1.1) }
    var names = try FreeNames(in: folder.path)
    return try pairs.prefix(most).enumerated().map { place, pair in
      let (a, b) = pair
      guard let sample = samples[a.imageID] else {
        throw DataError(
          place: "the validation data", problem: "have no image \(a.imageID), which was judged",
          cure: "compare with the data that the detectors were judged by")
      }
      let name = "\(place + 1)-\(FilePath.stem(of: sample.path)).png"
      let file = NewFile(
        folder.file(names.next(for: name, ending: "png")), option: folder.option)
      try file.write(picture(sample, a, b, scores).rendered().encodePNG())
      return Drawn(
        image: a.imageID, picture: file.path, a: Drawn.Count(a), b: Drawn.Count(b))
    }
  }

  /// By how many mistakes one makes more than the other, and how far their F1 are apart.
  private static func distance(_ a: ImageJudgement, _ b: ImageJudgement) -> (Int, Double) {
    func mistakes(_ one: ImageJudgement) -> Int { one.wrong.count + one.missed.count }
    return (abs(mistakes(a) - mistakes(b)), abs(a.f1 - b.f1))
  }

  private func picture(
    _ sample: Sample, _ a: ImageJudgement, _ b: ImageJudgement, _ scores: [Double]
  ) throws -> Picture {
    let image = try sample.picture()
    let truth = sample.boxes.map { DrawnBox($0, classes: classNames) }
    return Picture(
      title: FilePath.name(of: sample.path) + (sample.region.map { " [\($0)]" } ?? ""),
      panels: [
        .init(image: image, title: "truth: \(sample.objects.count)", boxes: truth),
        panel(image, titles.a, a, scores[0]), panel(image, titles.b, b, scores[1]),
      ])
  }

  private func panel(
    _ image: PixelImage, _ title: String, _ judgement: ImageJudgement, _ score: Double
  ) -> Picture.Panel {
    let (right, wrong, missed) = (judgement.right, judgement.wrong, judgement.missed)
    let boxes =
      missed.map { drawn($0, Self.missed, isDashed: true) } + wrong.map { drawn($0, Self.wrong) }
      + right.map { drawn($0, Self.right) }
    return .init(
      image: image,
      title: "\(title): \(right.count) right, \(wrong.count) wrong, \(missed.count) missed "
        + "(score from \(score.fixed(2)))", boxes: boxes)
  }

  private func drawn(
    _ box: ImageJudgement.Box, _ colour: Colour, isDashed: Bool = false
  ) -> DrawnBox {
    let name = classes.count > 1 ? classes[box.categoryID] : nil
    let words = [name, box.score.map { $0.fixed(2) }].compactMap { $0 }
    let place = box.box
    return DrawnBox(
      x0: place.x, y0: place.y, x1: place.x + place.width, y1: place.y + place.height,
      colour: colour, label: words.isEmpty ? nil : words.joined(separator: " "),
      isDashed: isDashed)
  }
}

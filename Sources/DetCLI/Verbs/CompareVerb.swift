import DetBasics
import DetCommand
import DetData
import DetExecution
import DetSearch
import DetTask

/// `smnas compare A B`: two trials or files of detections, side by side.
enum CompareVerb: Verb {
  static let name = "compare"
  static let summary = "two trials or files of detections: accuracy, latency, what differs"
  static let first = Argument<String>(
    "A",
    "RUN:NAME or RUN:NUMBER of a trial, as in runs/mine:C0, or detections in COCO's results format")
  static let second = Argument<String>("B", "the same for what it is compared with")
  static let truth = Option<String>(
    "--truth", "GT.json", "annotations in COCO format, where no run has them or others are meant")
  static let pictures = Option<String>(
    "--pictures", "DIR", "draw the images on which the two differ most into a folder")
  static let images = DefaultOption<Count>(
    "--images", "N", "how many images are drawn at the most", default: Count(6))
  static let imageFolder = Option<String>(
    "--image-folder", "DIR", "where the images of --truth lie, where no run knows")
  static let syntax = Syntax(first, second, truth, pictures, images, imageFolder, Flag.json)
  static let discussion = """
    Differences are B less A. That of AP has its 95 % interval by 1000 paired draws of the images; it is resolved when the interval
    leaves out 0. Latencies are resolved when both were taken on one device while nothing disturbed it, and their intervals are apart.

    Trials are judged as in their search, by the truth that their run keeps; two runs must have been judged by the same. Pictures show
    the images in which one makes most mistakes more than the other at IoU 0.5: right in green, wrong in red, missed with a dashed frame;
    each side from that score on at which its F1 over all images is greatest.

    smnas compare runs/trees:C0 runs/trees:E0 --pictures c0-e0
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let contenders = [try Contender(arguments[first]), try Contender(arguments[second])]
    let (a, b) = (contenders[0], contenders[1])
    let folder = arguments[pictures]
    let source = try folder.map { _ in try ImageSource(contenders, arguments) }
    let judges = try ContestJudges(
      a, b, ContestTruth(of: contenders, given: arguments[truth]))
    var contest = try Contest(a, b, judges)
    switch source {
    case .dataset(let dataset):
      guard let folder else { break }
      contest.pictures = try ContestPictures(dataset, contest.a, contest.b).draw(
        judges, most: arguments[images].value,
        into: OutputFolder(folder, option: "--pictures"))
      if contest.pictures?.isEmpty == true {
        contest.notes.append("no pictures: both find the same on every image")
      }
    case .missing(let reason): contest.notes.append("no pictures: \(reason)")
    case nil: break
    }
    for note in contest.notes { context.log("note: \(note)") }
    if arguments[Flag.json] {
      try context.output.json(contest)
    } else {
      try context.output.line(contest.text)
    }
    return .done
  }

  /// Where the images come from that are drawn.
  private enum ImageSource {
    case dataset(Dataset)
    /// There are none, for a reason in words.
    case missing(String)

    init(_ contenders: [Contender], _ arguments: Arguments) throws {
      if let folder = arguments[imageFolder] {
        guard let truth = arguments[truth] else {
          throw UsageError.rule(
            "--image-folder holds the images of --truth GT.json, which is missing")
        }
        self = .dataset(
          try Dataset.load(DatasetSource(format: .coco, annotations: truth, images: folder)))
        return
      }
      guard let record = contenders.lazy.compactMap(\.record).first else {
        throw UsageError.rule(
          "--pictures needs --image-folder DIR where both sides are files of detections")
      }
      let run = record.run
      if run.otherData.contains(record.trial.id) {
        self = .missing("the data have changed since trial \(record.trial.id) was judged")
      } else if let sources = try PlanFile(run.folder.plan).sources {
        self = .dataset(try Dataset.load(sources.validation))
      } else {
        self = .missing(
          "\(run.folder.path): another program trains, and it alone reads the data; name the images by --truth and --image-folder"
        )
      }
    }
  }
}

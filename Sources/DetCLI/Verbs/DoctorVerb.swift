import DetBasics
import DetCommand
import DetData
import DetSearch
import DetSpec
import Foundation

/// `smnas doctor`: what this machine and a plan's data are like, and how to mend what is wrong.
enum DoctorVerb: Verb {
  static let name = "doctor"
  static let summary = "check this machine and a data set, and say how to mend what is found"
  static let data = Option<String>(
    "--data", "PATH", "also check data: a plan's two data sets, or the file or folder of one")
  static let page = Option<String>(
    "--html", "FILE", "write what was found as a page, with pictures of the oddest samples")
  static let quick = Flag("--quick", "do not decode the images")
  static let syntax = Syntax(
    data, SourceOptions.format, SourceOptions.images, SourceOptions.validation,
    SourceOptions.validationImages, SourceOptions.classes, SourceOptions.firstPixel, page, quick,
    Flag.json)
  static let discussion = """
    smnas doctor --data plan.json --html doctor.html
    smnas doctor --data annotations/instances_val2017.json --images val2017

    Ends with exit code 1 when something spoils training or measurement: broken or missing images, annotations that
    cannot be used, the same image in both data sets, no libtorch.
    """

  private struct Answer: Encodable {
    /// nil when the second program could not say.
    let libtorch: String?
    let devices: [String]
    let cores: Int
    let memoryMegabytes: Int
    let freeDiskMegabytes: Int
    let isSound: Bool
    let train: DatasetReport?
    let validation: DatasetReport?
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let target = arguments[page].map { NewFile($0, option: "--html") }
    try target?.check()
    let visit = try arguments[data].map { try DoctorVisit($0, arguments) }
    guard visit != nil || target == nil else {
      throw UsageError.rule("--html shows a data set; name one with --data")
    }
    var isSound = visit?.isSound ?? true
    if let target, let visit {
      try target.write(try DoctorPage(visit).html())
      context.log("wrote \(target.path)")
    }
    let devices = devices(context)
    isSound = isSound && devices != nil
    let answer = Answer(
      libtorch: devices?.libtorch, devices: devices?.devices ?? [],
      cores: ProcessInfo.processInfo.activeProcessorCount,
      memoryMegabytes: Int(ProcessInfo.processInfo.physicalMemory >> 20),
      freeDiskMegabytes: freeDisk(), isSound: isSound, train: visit?.train.report,
      validation: visit?.validation?.report)
    if arguments[Flag.json] {
      try context.output.json(answer)
    } else {
      try context.output.line(text(answer, visit))
    }
    return isSound ? .done : .failed
  }

  /// nil, with the reason on standard error, when the second program cannot say; the data are looked at all the same.
  private static func devices(_ context: Context) -> DeviceReport? {
    do {
      return try context.torch.devices()
    } catch {
      context.log("\(Program.name): \(error)")
      return nil
    }
  }

  private static func text(_ answer: Answer, _ visit: DoctorVisit?) -> String {
    var lines = [
      answer.libtorch.map { "libtorch \($0), devices: \(answer.devices.joined(separator: ", "))" }
        ?? "no libtorch: nothing can be trained here",
      "\(answer.cores) cores, \(answer.memoryMegabytes) MB of memory, "
        + "\(answer.freeDiskMegabytes) MB of disk free here",
    ]
    if answer.freeDiskMegabytes < 2000 {
      lines.append("a run may not fit on this disk; free some space or use another")
    }
    for patient in visit?.patients ?? [] {
      lines += ["", "\(patient.title)", patient.report.text()]
    }
    return lines.joined(separator: "\n")
  }

  private static func freeDisk() -> Int {
    var status = statvfs()
    guard statvfs(".", &status) == 0 else { return 0 }
    return (Int(status.f_bavail) * Int(status.f_frsize)) >> 20
  }
}

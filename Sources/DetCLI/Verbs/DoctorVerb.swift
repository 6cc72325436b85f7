import DetBasics
import DetData
import DetSearch
import DetTensor
import DetTraining
import Foundation

/// `smnas doctor`: what this machine and a plan's data are like, and how to mend what is wrong.
enum DoctorVerb: Verb {
  static let name = "doctor"
  static let summary = "check this machine and a data set, and say how to mend what is found"
  static let data = Option<String>("--data", "PLAN", "also check the data sets of this plan")
  static let syntax = Syntax(data, Flag.json)

  private struct Answer: Encodable {
    let libtorch: String
    let devices: [String]
    let cores: Int
    let memoryMegabytes: Int
    let freeDiskMegabytes: Int
    let isSound: Bool
    let train: DatasetReport?
    let validation: DatasetReport?
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let reports = try arguments[data].map(examine)
    let isSound = reports.map { $0.train.isSound && $0.validation.isSound } ?? true
    let answer = Answer(
      libtorch: Torch.version, devices: Torch.devices.map(\.description),
      cores: ProcessInfo.processInfo.activeProcessorCount,
      memoryMegabytes: Int(ProcessInfo.processInfo.physicalMemory >> 20),
      freeDiskMegabytes: freeDisk(), isSound: isSound, train: reports?.train,
      validation: reports?.validation)
    if arguments[Flag.json] {
      try context.output.json(answer)
      return isSound ? .done : .failed
    }
    try context.output.line(
      "libtorch \(answer.libtorch), devices: \(answer.devices.joined(separator: ", "))")
    try context.output.line(
      "\(answer.cores) cores, \(answer.memoryMegabytes) MB of memory, "
        + "\(answer.freeDiskMegabytes) MB of disk free here")
    if answer.freeDiskMegabytes < 2000 {
      try context.output.line("a run may not fit on this disk; free some space or use another")
    }
    for (name, report) in [("training", answer.train), ("validation", answer.validation)] {
      guard let report else { continue }
      try context.output.line("\n\(name) data\n\(report.text())")
    }
    return isSound ? .done : .failed
  }

  private static func examine(
    _ path: String
  ) throws -> (train: DatasetReport, validation: DatasetReport) {
    let plan = try PlanFile.read(path)
    let description = try PlanData.description(plan.data, plan: path)
    let train = try Dataset.load(description.train)
    let validation = try Dataset.load(description.validation)
    return (
      DatasetDoctor(train).examine(against: validation), DatasetDoctor(validation).examine()
    )
  }

  private static func freeDisk() -> Int {
    var status = statvfs()
    guard statvfs(".", &status) == 0 else { return 0 }
    return (Int(status.f_bavail) * Int(status.f_frsize)) >> 20
  }
}

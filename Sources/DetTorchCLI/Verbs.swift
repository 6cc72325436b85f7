import DetBasics
package import DetCommand
import DetTensor

extension TorchVerb {
  /// The verb itself.
  var implementation: any Verb.Type {
    switch self {
    case .train: TrainVerb.self
    case .pretrain: PretrainVerb.self
    case .trial: TrialVerb.self
    case .measurement: MeasurementVerb.self
    case .detect: DetectVerb.self
    case .export: ExportVerb.self
    case .profile: ProfileVerb.self
    case .weights: WeightsVerb.self
    case .devices: DevicesVerb.self
    }
  }
}

/// A verb of the second program; the first has its name and summary too, from `TorchVerb`.
protocol TensorVerb: Verb {
  /// Which of them it is.
  static var word: TorchVerb { get }
}

extension TensorVerb {
  static var name: String { word.rawValue }
  static var summary: String { word.summary }
}

extension Program {
  /// Runs a command line of `smnas-torch`, the learning half, without the program's own name.
  ///
  /// The first program says its version in the environment; one of another build has other jobs and reports.
  package static func run(_ arguments: [String], _ context: Context) -> ExitCode {
    Torch.keepFreedMemory()
    if let first = context.environment[TorchProgram.versionVariable], first != version {
      context.log(
        "\(name): \(context.torch.path): has version \(version), but \(name) has version \(first); "
          + "build both with make build")
      return .failed
    }
    return run(
      arguments, context, commands: TorchVerb.allCases.map { .own($0.implementation) })
  }
}

/// The verbs that compute with tensors. They live in the second program, which links libtorch; the first knows their
/// names and summaries, for its help, and hands over.
package enum TorchVerb: String, CaseIterable, Sendable {
  case train, pretrain, trial, measurement, detect, export, profile, weights, devices

  /// One line for the overall help, without a full stop.
  package var summary: String {
    switch self {
    case .train: "train one design outside a search"
    case .pretrain: "train a backbone to tell images apart, as on ImageNet"
    case .trial: "carry out one job of the trial protocol (what a search starts)"
    case .measurement: "time trained detectors in turn (what measure starts)"
    case .detect: "find objects in images with trained weights"
    case .export: "write a trained detector as ONNX, proven equal before it is kept"
    case .profile: "count a design's parameters, multiply-accumulates and memory access"
    case .weights: "show what a checkpoint holds, which tensors fit a design, and convert it"
    case .devices: "list the devices that libtorch has on this machine, and their speed"
    }
  }
}

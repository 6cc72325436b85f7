import DetBasics
import DetCommand
package import DetTensor

extension Device: ArgumentValue {
  /// Reads `cpu`, `cuda` or `cuda:1`, when this machine has it.
  package init(argument: String) throws {
    let here = Torch.devices
    guard let device = Device(argument), here.contains(device) else {
      let names = here.map(\.description)
      throw ArgumentValueError(
        expected: "a device of this machine, which has \(names.joined(separator: ", "))"
          + Spelling.hint(for: argument, among: names))
    }
    self = device
  }
}

import DetBasics
import DetTensor

extension Device {
  /// The device that a job names, where this machine has it.
  static func available(_ name: String) throws -> Device {
    guard let device = Device(name), Torch.devices.contains(device) else {
      throw TrainingError.surroundings(
        .noDevice,
        "the job's device is \"\(name)\"; there is "
          + Torch.devices.map(\.description).joined(separator: ", "))
    }
    return device
  }
}

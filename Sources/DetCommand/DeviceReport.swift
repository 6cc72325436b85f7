/// What `smnas devices --json` prints: what libtorch finds on this machine.
package struct DeviceReport: Codable, Sendable, Equatable {
  /// The version of this report.
  package var version = 1
  /// The version of libtorch.
  package let libtorch: String
  /// The devices by name, the processor first.
  package let devices: [String]
  /// Multiply-accumulates a second of a matrix product on the processor; nil when it was not timed.
  package let productRate: Double?

  /// Describes what was found.
  package init(libtorch: String, devices: [String], productRate: Double?) {
    self.libtorch = libtorch
    self.devices = devices
    self.productRate = productRate
  }

  /// The first device that is no processor.
  package var accelerator: String? { devices.first { $0 != "cpu" } }
}

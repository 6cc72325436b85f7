/// What is documented of one key.
package struct SettingReference: Sendable, Equatable, Encodable {
  /// The key, with dots within a group: `learningRate.from`.
  package var key: String
  /// What to write: `whole number`.
  package let form: String
  /// As JSON, or in words where it depends on something; nil when the key must be given.
  package let `default`: String?
  /// What the value must be; empty when every one will do.
  package let rule: String
  /// What it means, in a sentence.
  package let meaning: String
}

extension SettingsTable {
  /// What is documented of the keys, in their order; defaults are those of `root`.
  package func reference(_ root: Root) -> [SettingReference] {
    entries.flatMap { $0.reference(root) }
  }
}

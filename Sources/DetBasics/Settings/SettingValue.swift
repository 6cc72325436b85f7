/// A value that can stand under a key of a ``SettingsTable``.
package protocol SettingValue: Codable, Sendable {
  /// What to write, in a word or two for the reference: `whole number`.
  static var form: String { get }
  /// The value as the reference shows it where it is a default.
  var shown: String { get }
}

extension SettingValue {
  /// JSON in one line with spaces after commas; an object's keys have defaults of their own.
  package var shown: String {
    let text = (try? JSON.text(self)) ?? ""
    return text.hasPrefix("{") ? "as its keys say" : text.replacing(",", with: ", ")
  }
}

extension Int: SettingValue {
  package static var form: String { "whole number" }
}

extension UInt64: SettingValue {
  package static var form: String { "whole number" }
}

extension Double: SettingValue {
  package static var form: String { "number" }
}

extension Bool: SettingValue {
  package static var form: String { "true or false" }
}

extension String: SettingValue {
  package static var form: String { "text" }
}

extension JSONValue: SettingValue {
  package static var form: String { "object" }
}

extension Array: SettingValue where Element: SettingValue {
  package static var form: String { "list, each a \(Element.form)" }
}

extension Dictionary: SettingValue where Key == String, Value: SettingValue {
  package static var form: String { "object, each value a \(Value.form)" }
  package var shown: String { isEmpty ? "none" : "as its keys say" }
}

extension SettingValue where Self: CaseIterable, Self: RawRepresentable, RawValue == String {
  /// The words there are.
  package static var form: String { allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " | ") }
}

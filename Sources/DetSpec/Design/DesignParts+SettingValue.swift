import DetBasics

// What to write for the parts of a design where one stands under a key.

extension InputSize: SettingValue {
  package static var form: String { "size such as \"800x600\"" }
}

extension BackboneSpec: SettingValue {
  package static var form: String { "backbone such as \"resnet18\"" }
}

extension NeckSpec: SettingValue {
  package static var form: String { "neck such as \"fpn P2-P6 256\"" }
}

extension ProposalSpec: SettingValue {
  package static var form: String { "proposal such as \"rpn\"" }
}

extension HeadSpec: SettingValue {
  package static var form: String { "head such as \"cascade 3\"" }
}

extension DetectorDesign: SettingValue {
  package static var form: String { "design" }
}

import DetCommand
import DetSpec

/// A design as the command line names it: a preset, or its text.
struct DesignArgument: ArgumentValue {
  /// The design.
  let design: DetectorDesign
  /// The preset that named it; nil for a text.
  let preset: DesignPreset?

  /// Reads `E2` or `192x192 | resnet18 24 | fpn P1-P3 64 | rpn | rcnn`.
  init(argument: String) throws {
    design = try ArgumentValueError.restating(argument) {
      try DetectorDesign(nameOrText: argument)
    }
    preset = DesignPreset.named(argument)
  }
}

/// A backbone as the command line names it: a design's, a preset's, or one by its own text.
struct BackboneArgument: ArgumentValue {
  /// The backbone.
  let backbone: BackboneSpec

  /// Reads `E2`, a design's text, or `resnet18 24`.
  init(argument: String) throws {
    if argument.contains("|") || DesignPreset.named(argument) != nil {
      backbone = try DesignArgument(argument: argument).design.backbone
    } else {
      backbone = try ArgumentValueError.restating(argument) { try BackboneSpec(text: argument) }
    }
  }
}

extension InputSize: ArgumentValue {
  /// Reads `800x600`.
  package init(argument: String) throws {
    self = try ArgumentValueError.restating(argument) { try InputSize(text: argument) }
  }
}

extension ArgumentValueError {
  /// Reads a word; where the whole of it is wrong, the parser says the word, and the error only what would be right.
  fileprivate static func restating<Value>(
    _ word: String, _ read: () throws -> Value
  ) throws -> Value {
    do {
      return try read()
    } catch SpecError.syntax(_, word, let expected) {
      throw ArgumentValueError(expected: expected)
    }
  }
}

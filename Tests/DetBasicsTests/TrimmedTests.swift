import DetBasics
import Foundation
import Testing

/// Texts without what stands at their ends, beside Foundation's.
@Suite struct TrimmedTests {
  @Test(arguments: [
    "", " ", "\r\n\t ", "a", "  a b\t", "\u{A0}\u{3000}é \u{2028}", "\u{200B}tree\u{200B}",
    "\u{FEFF}a", " \u{301}a \u{301}",
    "\u{85}\u{B}x\u{C}",
  ]) func blanksGoAsFoundationTakesThem(text: String) {
    let expected = text.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(Array(text.trimmed.unicodeScalars) == Array(expected.unicodeScalars))
    #expect(
      Array("<\(text)>".dropFirst().dropLast().trimmed.unicodeScalars)
        == Array(expected.unicodeScalars))
  }

  @Test func everyCharacterIsTakenAsFoundationTakesIt() {
    for value in UInt32(0)...0x3100 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isBlank = CharacterSet.whitespacesAndNewlines.contains(scalar)
      #expect(String(scalar).trimmed.isEmpty == isBlank, "U+\(String(value, radix: 16))")
    }
  }

  @Test func charactersOfAnyKindGoFromTheEndsAlone() {
    #expect("\" a\"b \"".trimmed { $0 == "\"" || $0 == " " } == "a\"b")
    #expect("\"\"".trimmed { $0 == "\"" }.isEmpty)
  }
}

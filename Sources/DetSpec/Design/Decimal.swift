/// A whole number of plain decimal digits; nil for signs, spaces, leading zeros or more than nine digits.
func decimal(_ text: some StringProtocol) -> Int? {
  let isPlain = !text.isEmpty && text.count <= 9 && text.utf8.allSatisfy { 48...57 ~= $0 }
  guard isPlain, text == "0" || text.first != "0" else { return nil }
  return Int(text)
}

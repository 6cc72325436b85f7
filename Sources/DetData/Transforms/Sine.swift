import Foundation

/// The sine rounded to nine digits, so that scenes do not depend on the last bit of a machine's library.
func sine(_ angle: Double) -> Double {
  (sin(angle) * 1e9).rounded() / 1e9
}

import CLAPACK
import Foundation

/// The Cholesky factor of a symmetric positive definite matrix, by LAPACK: what a Gaussian process asks of linear algebra.
struct CholeskyFactor {
  /// Rows, and columns.
  let order: Int
  /// L of A = L Lᵀ, column after column; what lies above the diagonal means nothing.
  private let lower: [Double]

  /// Factors a matrix given column after column, of which the lower half counts; nil when it is not positive definite.
  init?(_ matrix: [Double], order: Int) {
    var matrix = matrix
    let status = LAPACKE_dpotrf(
      LAPACK_COL_MAJOR, lowerHalf, Self.size(order), &matrix, Self.size(max(1, order)))
    guard status == 0 else { return nil }
    self.order = order
    lower = matrix
  }

  /// Σ log Lᵢᵢ: half of the determinant's logarithm.
  var halfLogDeterminant: Double {
    (0..<order).reduce(0) { $0 + log(lower[$1 * order + $1]) }
  }

  /// A⁻¹ b.
  func solve(_ right: [Double]) -> [Double] {
    var result = right
    LAPACKE_dpotrs(
      LAPACK_COL_MAJOR, lowerHalf, Self.size(order), 1, lower, Self.size(max(1, order)), &result,
      Self.size(max(1, order)))
    return result
  }

  /// A⁻¹, column after column, of which the lower half counts.
  func inverse() -> [Double] {
    var result = lower
    LAPACKE_dpotri(LAPACK_COL_MAJOR, lowerHalf, Self.size(order), &result, Self.size(max(1, order)))
    return result
  }

  private static func size(_ count: Int) -> Int32 { Int32(count) }
}

private let lowerHalf = CChar(UInt8(ascii: "L"))

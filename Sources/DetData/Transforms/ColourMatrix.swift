import DetBasics

/// A change of colour: three rows of factors for red, green, blue and 1, on bytes 0 to 255.
struct ColourMatrix: Equatable {
  /// Row by row: 12 numbers.
  private(set) var rows: [Float] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]

  var isIdentity: Bool { self == ColourMatrix() }

  static func brightness(_ factor: Double) -> ColourMatrix {
    ColourMatrix(diagonal: Float(factor), offset: 0)
  }

  /// Away from middle grey, or towards it.
  static func contrast(_ factor: Double) -> ColourMatrix {
    ColourMatrix(diagonal: Float(factor), offset: Float(128 * (1 - factor)))
  }

  /// Away from the pixel's own grey, or towards it.
  static func saturation(_ factor: Double) -> ColourMatrix {
    let grey: [Float] = [0.299, 0.587, 0.114]
    var matrix = ColourMatrix()
    for row in 0..<3 {
      for column in 0..<3 {
        let own: Float = row == column ? Float(factor) : 0
        matrix.rows[4 * row + column] = own + Float(1 - factor) * grey[column]
      }
    }
    return matrix
  }

  /// Around the grey axis by `turns` of a full circle.
  static func hue(_ turns: Double) -> ColourMatrix {
    let angle = 2 * Double.pi * turns
    let c = Float(sine(angle + .pi / 2))
    let s = Float(sine(angle))
    let third = (1 - c) / 3
    let root = s * Float(1.0 / 3.0).squareRoot()
    var matrix = ColourMatrix()
    for row in 0..<3 {
      matrix.rows[4 * row + row] = c + third
      matrix.rows[4 * row + (row + 1) % 3] = third - root
      matrix.rows[4 * row + (row + 2) % 3] = third + root
    }
    return matrix
  }

  /// This change, then `next`.
  func then(_ next: ColourMatrix) -> ColourMatrix {
    var result = ColourMatrix()
    for row in 0..<3 {
      for column in 0..<4 {
        var sum: Float = column == 3 ? next.rows[4 * row + 3] : 0
        for inner in 0..<3 { sum += next.rows[4 * row + inner] * rows[4 * inner + column] }
        result.rows[4 * row + column] = sum
      }
    }
    return result
  }
}

extension ColourMatrix {
  private init(diagonal: Float, offset: Float) {
    for row in 0..<3 {
      rows[4 * row + row] = diagonal
      rows[4 * row + 3] = offset
    }
  }
}

import DetBasics

/// A colour as shares of red, green and blue from 0 to 1.
public struct Colour: Sendable, Equatable {
  /// Share of red.
  public let red: Double
  /// Share of green.
  public let green: Double
  /// Share of blue.
  public let blue: Double

  /// A colour.
  public init(red: Double, green: Double, blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour from hue, saturation and lightness, each 0 to 1.
  public init(hue: Double, saturation: Double, lightness: Double) {
    let chroma = (1 - abs(2 * lightness - 1)) * saturation
    func channel(_ shift: Double) -> Double {
      let place = (hue * 6 + shift).truncatingRemainder(dividingBy: 6)
      let wave = max(0, min(1, abs(place - 3) - 1))
      return lightness + chroma * (wave - 0.5)
    }
    self.init(red: channel(0), green: channel(4), blue: channel(2))
  }

  /// The colour of a class: hues a golden angle apart, so that neighbours differ most.
  public static func ofClass(_ index: Int) -> Colour {
    let hue = (0.33 + Double(index) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
    return Colour(hue: hue, saturation: 0.95, lightness: index % 2 == 0 ? 0.5 : 0.6)
  }

  /// Perceived lightness from 0 to 1.
  public var luminance: Double { 0.299 * red + 0.587 * green + 0.114 * blue }

  /// Black.
  public static let black = Colour(red: 0, green: 0, blue: 0)
  /// White.
  public static let white = Colour(red: 1, green: 1, blue: 1)

  static func vivid(_ generator: inout Generator) -> Colour {
    Colour(
      hue: generator.uniform(), saturation: generator.uniform(0.55..<1),
      lightness: generator.uniform(0.35..<0.7))
  }

  static func muted(_ generator: inout Generator) -> Colour {
    Colour(
      hue: generator.uniform(), saturation: generator.uniform(0.05..<0.35),
      lightness: generator.uniform(0.2..<0.85))
  }
}

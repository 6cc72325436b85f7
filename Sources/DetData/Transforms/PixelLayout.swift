/// The order of the numbers of a batch of images in memory.
public enum PixelLayout: String, Sendable, Codable {
  /// [N, C, H, W]: all of red, then green, then blue.
  case planar
  /// [N, H, W, C]: red, green, blue of a pixel side by side.
  case channelsLast
}

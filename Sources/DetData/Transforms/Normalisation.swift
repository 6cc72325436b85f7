/// How bytes become the numbers a detector sees: (byte / 255 - mean) / deviation, per channel.
public struct Normalisation: Sendable, Equatable, Codable {
  /// Mean of red, green, blue, from 0 to 1.
  public let mean: [Float]
  /// Standard deviation of red, green, blue.
  public let deviation: [Float]

  /// Means and deviations of red, green and blue.
  public init(mean: [Float], deviation: [Float]) {
    precondition(
      mean.count == 3 && deviation.count == 3 && deviation.allSatisfy { $0 > 0 },
      "normalisation needs three means and three positive deviations")
    self.mean = mean
    self.deviation = deviation
  }

  /// The statistics of ImageNet, which pretrained backbones expect.
  public static let imageNet = Normalisation(
    mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

  /// Plain numbers from 0 to 1.
  public static let unit = Normalisation(mean: [0, 0, 0], deviation: [1, 1, 1])

  /// Factor on a byte.
  package var scale: [Float] { deviation.map { 1 / (255 * $0) } }
  /// What is added after the factor.
  package var bias: [Float] { zip(mean, deviation).map { -$0 / $1 } }
}

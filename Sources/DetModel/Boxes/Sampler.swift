package import DetBasics
package import DetTensor

/// Draws a random part of the matches of each image for a loss, so that background does not drown objects.
package struct Sampler: Equatable, Sendable {
  /// Samples per image.
  package let count: Int
  /// The most of them that may be positives; background fills the rest.
  package let positiveShare: Double

  /// At most `count` samples for each image.
  package init(count: Int, positiveShare: Double) {
    self.count = count
    self.positiveShare = positiveShare
  }

  /// Indices into matches that lie one image after the other; the first is number `firstImage` of its batch.
  package func callAsFunction(
    _ matches: Tensor, counts: [Int], firstImage: Int = 0, using generator: inout Generator
  ) -> MatchSample {
    matches.sampled(
      counts: counts, firstImage: firstImage, most: count, positiveShare: positiveShare,
      seed: generator.next())
  }
}

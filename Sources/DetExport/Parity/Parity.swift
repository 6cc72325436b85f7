import DetBasics
package import DetModel
package import DetTensor
import Foundation

/// How far two lists of detections of one image agree.
///
/// Each detection of the first is matched with one of the second of the same class whose box and score are within the bounds,
/// whatever its rank: detections whose scores differ by less than the bound may stand in either order. What is left over counts
/// as a disagreement unless it ties: its score lies within the bound of what decided whether it was kept, which is the floor, the
/// last detection of a full list, or a detection of the other list that overlaps it so that only the better of both stays.
package struct Parity: Sendable, Equatable {
  /// How far boxes and scores may be off.
  package struct Bounds: Sendable, Equatable {
    /// Pixels, of each side.
    package let pixels: Double
    /// Of a score.
    package let score: Double
    /// How many of a hundred detections may have no partner because they tie.
    package let tiesPerHundred: Double
    /// How many of a hundred may have no partner for no reason that shows: choices that fewer digits tip, and ties among the
    /// regions that a network proposes.
    package var unmatchedPerHundred: Double

    /// For layers that compute in 32 bits: what other orders of summation make.
    package static let float32 = Bounds(
      pixels: 0.05, score: 2e-4, tiesPerHundred: 2, unmatchedPerHundred: 0)
    /// For layers that compute in 16 bits. Weights that are rounded to 16 bits alone, with all else in 32, leave 1 in 150 boxes
    /// without a like (Docs/EXPORT.md has the figures).
    package static let float16 = Bounds(
      pixels: 0.25, score: 5e-3, tiesPerHundred: 5, unmatchedPerHundred: 2)

    /// The bounds for a head over regions. Of a thousand proposals the last may tie, too, and what came of either is compared;
    /// what is wrong in a graph shows in far more than one detection of a hundred.
    package var behindProposals: Bounds {
      var bounds = self
      bounds.unmatchedPerHundred += 1
      return bounds
    }

    /// The bounds for what was found in tiles. Whether two pieces are joined, or cut at all, hangs on edges that are a thousandth of a
    /// pixel apart, too.
    package var behindTiles: Bounds {
      var bounds = self
      bounds.unmatchedPerHundred += 1
      return bounds
    }

    /// Bounds.
    package init(
      pixels: Double, score: Double, tiesPerHundred: Double, unmatchedPerHundred: Double
    ) {
      self.pixels = pixels
      self.score = score
      self.tiesPerHundred = tiesPerHundred
      self.unmatchedPerHundred = unmatchedPerHundred
    }
  }

  /// A rival is another object's box, not the same one a little off: so many times the bound on pixels away.
  private static let leastRivalry = 20.0

  /// Detections that were compared.
  package private(set) var compared = 0
  /// Those without a partner, which nothing excuses.
  package private(set) var unmatched = 0
  /// Those without a partner that tie.
  package private(set) var ties = 0
  /// The largest distance of a side among partners, in pixels.
  package private(set) var worstPixels = 0.0
  /// The largest difference of scores among partners.
  package private(set) var worstScore = 0.0

  /// Nothing compared yet.
  package init() {}

  /// Adds an image.
  ///
  /// - Parameters:
  ///   - found: what is to be proven, best first.
  ///   - wanted: what is right.
  ///   - bounds: how far partners may be apart.
  ///   - selection: what is dropped.
  package mutating func add(
    _ found: [Detection], _ wanted: [Detection], bounds: Bounds, _ selection: Selection
  ) {
    var rest = found
    var without: [Detection] = []
    for own in wanted {
      compared += 1
      let partner = rest.indices
        .filter { rest[$0].label == own.label && own.isNear(rest[$0], bounds) }
        .min { own.distance(rest[$0]) < own.distance(rest[$1]) }
      guard let partner else {
        without.append(own)
        continue
      }
      worstPixels = max(worstPixels, own.distance(rest[partner]))
      worstScore = max(worstScore, Double(abs(own.score - rest[partner].score)))
      rest.remove(at: partner)
    }
    let last = [found, wanted].filter { $0.count == selection.mostPerImage }
      .compactMap { $0.last?.score }
    let edges = last.map(Double.init) + [selection.floor]
    for (left, others) in [(without, found), (rest, wanted)] {
      for own in left {
        let isAtEdge = edges.contains { abs(Double(own.score) - $0) <= bounds.score }
        let hasRival = others.contains {
          $0.label == own.label && abs(Double($0.score - own.score)) <= bounds.score
            && own.overlap($0) > selection.suppressionIoU
            && own.distance($0) > Self.leastRivalry * bounds.pixels
        }
        if isAtEdge || hasRival { ties += 1 } else { unmatched += 1 }
      }
    }
  }

  /// Whether nothing is without a partner but what may be.
  package func isEqual(within bounds: Bounds) -> Bool {
    let hundreds = Double(compared) / 100
    return Double(unmatched) <= hundreds * bounds.unmatchedPerHundred
      && Double(ties) <= max(2, hundreds * bounds.tiesPerHundred)
  }
}

extension Parity {
  /// Adds the outputs of a graph without suppression: boxes [N, A, 4] and scores [N, A, classes] by name.
  package mutating func add(
    _ found: [String: Tensor], _ wanted: [String: Tensor], bounds: Bounds
  ) {
    func difference(_ name: String) -> Tensor {
      guard let own = found[name], let right = wanted[name] else {
        preconditionFailure("there is no output \(name)")
      }
      return (own - right).abs()
    }
    let (boxes, scores) = (difference("boxes").amax([2]), difference("scores").amax([2]))
    let isOff = boxes.atMost(bounds.pixels).and(scores.atMost(bounds.score)).not()
    compared += boxes.count
    unmatched += isOff.to(.int64).sum().integers()[0]
    worstPixels = Swift.max(worstPixels, boxes.amax().item())
    worstScore = Swift.max(worstScore, scores.amax().item())
  }

  /// How it went, on so many images.
  package func words(images: Int) -> String {
    let found = "\(images) images, \(compared) boxes"
    if unmatched > 0 { return "of \(found), \(unmatched) have no like" }
    let tied = ties == 0 ? "" : ", \(ties) at the edge of being kept"
    return
      "\(found): at most \(Self.text(worstPixels)) pixels and \(Self.text(worstScore)) of a score apart\(tied)"
  }

  /// A small number to two figures: `0.000031`, `0`.
  private static func text(_ number: Double) -> String {
    guard number > 0 else { return "0" }
    return number.fixed(max(0, 1 - Int(log10(number).rounded(.down))))
  }
}

extension Detection {
  /// The largest distance of a side.
  fileprivate func distance(_ other: Detection) -> Double {
    let (a, b) = (box, other.box)
    return Double(
      max(abs(a.x0 - b.x0), abs(a.y0 - b.y0), abs(a.x1 - b.x1), abs(a.y1 - b.y1)))
  }

  /// Intersection over union.
  fileprivate func overlap(_ other: Detection) -> Double {
    let (a, b) = (box, other.box)
    let width = max(0, min(a.x1, b.x1) - max(a.x0, b.x0))
    let height = max(0, min(a.y1, b.y1) - max(a.y0, b.y0))
    let common = Double(width * height)
    return common / (Double(a.width * a.height + b.width * b.height) - common)
  }

  fileprivate func isNear(_ other: Detection, _ bounds: Parity.Bounds) -> Bool {
    distance(other) <= bounds.pixels && Double(abs(score - other.score)) <= bounds.score
  }
}

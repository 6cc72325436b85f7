import DetModel
import DetTensor

extension Team {
  /// The detections on all images, of which rank r has found those of every count-th from r on.
  func gather(detections own: [[Detection]]) throws -> [[Detection]] {
    guard !isAlone else { return own }
    let shares = try gather(Self.bytes(own)).map(Self.detections)
    let images = shares.reduce(0) { $0 + $1.count }
    return (0..<images).map { shares[$0 % count][$0 / count] }
  }

  /// For each image the number of detections, then four corners, label and score of each.
  private static func bytes(_ detections: [[Detection]]) -> [UInt8] {
    let numbers = detections.flatMap { found in
      [UInt32(found.count)]
        + found.flatMap {
          [$0.box.x0, $0.box.y0, $0.box.x1, $0.box.y1, $0.score].map(\.bitPattern)
            + [UInt32($0.label)]
        }
    }
    return numbers.withUnsafeBytes { Array($0) }
  }

  private static func detections(_ bytes: [UInt8]) -> [[Detection]] {
    let numbers = bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt32.self)) }
    var rest = numbers[...]
    func float() -> Float { Float(bitPattern: rest.removeFirst()) }
    var images: [[Detection]] = []
    while let count = rest.popFirst() {
      images.append(
        (0..<count).map { _ in
          let box = Box(x0: float(), y0: float(), x1: float(), y1: float())
          let score = float()
          return Detection(box: box, label: Int(rest.removeFirst()), score: score)
        })
    }
    return images
  }
}

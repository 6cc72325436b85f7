import DetBasics
import Foundation

/// Fingerprints of files by content; only files of equal length are read.
struct ContentPrints {
  private var prints: [String: String] = [:]

  /// Fingerprints what could be equal to another; files that cannot be read have none.
  init(_ paths: [String]) {
    let distinct = Array(Set(paths)).sorted()
    var byLength: [Int: [String]] = [:]
    for path in distinct {
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
        let length = attributes[.size] as? Int
      else { continue }
      byLength[length, default: []].append(path)
    }
    let alike = byLength.filter { $0.value.count > 1 }.flatMap(\.value).sorted()
    let results = OrderedResults<String>(count: alike.count)
    DispatchQueue.concurrentPerform(iterations: alike.count) { index in
      guard let data = try? ImageFile.read(alike[index], most: Int.max) else { return }
      var hash = StableHash()
      hash.combine(bytes: data)
      results.set(index, "\(data.count) \(StableHash.hex(hash.value))")
    }
    for (path, print) in zip(alike, results.values) { prints[path] = print }
    for path in distinct where prints[path] == nil && !alike.contains(path) { prints[path] = path }
  }

  /// Equal for files of equal content.
  func print(of path: String) -> String? { prints[path] }
}

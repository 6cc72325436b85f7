extension DataInventory {
  /// What is otherwise than in an earlier inventory, a sentence for each kind of difference; empty when trials of both learn
  /// from the same and are judged by the same.
  public func differences(from earlier: DataInventory) -> [String] {
    train.differences(from: earlier.train).map { "training set: \($0)" }
      + validation.differences(from: earlier.validation).map { "validation set: \($0)" }
  }
}

extension DataInventory.Contents {
  func differences(from earlier: DataInventory.Contents) -> [String] {
    let common = images.filter { earlier.images[$0.key] != nil }
    func changed<Value: Equatable>(_ part: KeyPath<DataInventory.Image, Value>) -> [String] {
      common.keys.filter { images[$0]?[keyPath: part] != earlier.images[$0]?[keyPath: part] }
    }
    let kinds: [(words: String, names: [String])] = [
      ("added", images.keys.filter { earlier.images[$0] == nil }),
      ("removed", earlier.images.keys.filter { images[$0] == nil }),
      ("with other boxes", changed(\.labels)), ("with other pixels", changed(\.content)),
    ]
    let sentences = kinds.filter { !$0.names.isEmpty }.map { kind in
      "\(kind.names.count) image\(kind.names.count == 1 ? "" : "s") \(kind.words) "
        + "(\(Self.list(kind.names)))"
    }
    return (classes == earlier.classes ? [] : ["other classes"]) + sentences
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.sorted().prefix(3).joined(separator: ", ")
    return names.count > 3 ? shown + ", …" : shown
  }
}

internal import Foundation

/// A pickle that no `torch.save` wrote: arrays of numpy by name, as Detectron2's and Paddle's weights are.
enum ArrayPickle {
  static func index(_ data: Data, source: String) throws -> TensorIndex {
    let contents = try data.withUnsafeBytes { bytes in
      try PickleMachine.read(bytes, source: source).contents
    }
    return try TensorIndex(contents, in: data, source: source) { _ in
      throw TensorError.file(
        path: source,
        problem:
          "is the pickle out of a checkpoint of PyTorch, whose values lie in other files; name the whole file "
          + "that torch.save wrote")
    }
  }
}

internal import CTorch

extension Device {
  /// The number of CTorch.h.
  var kind: Int {
    switch self {
    case .cpu: Int(CT_CPU)
    case .cuda: Int(CT_CUDA)
    }
  }

  /// Which of the devices of its kind.
  var index: Int {
    switch self {
    case .cpu: 0
    case .cuda(let index): index
    }
  }

  init(kind: Int, index: Int) {
    self = kind == Int(CT_CPU) ? .cpu : .cuda(index)
  }
}

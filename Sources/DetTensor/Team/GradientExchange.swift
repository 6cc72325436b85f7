internal import CTorch

/// Sums the gradients of all ranks while backward goes on.
///
/// Parameters are packed into buckets from the last to the first, as backward reaches them. As soon as all gradients of a bucket
/// are there, and those of the buckets before it, its sum begins. A parameter that a rank's losses do not touch counts as zero
/// there, and has no gradient where no rank's touch it.
package final class GradientExchange {
  /// How much goes around at once: enough to be worth a step, little enough to overlap.
  private static let bucketBytes = 4 << 20

  private struct Bucket {
    var members: [Int] = []
    var elements = 0
    /// The gradients one after the other, then for each whether there is one.
    let values: Tensor
    var ready = 0
    var sum: (any PendingSum)?
  }

  private let parameters: [Tensor]
  private let team: any Team
  private var buckets: [Bucket] = []
  private var bucketOf: [Int]
  private var isReady: [Bool]
  private var started = 0
  private var isExchanging = false

  /// Exchanges the gradients of these parameters, which all ranks list in the same order.
  package init(_ parameters: [Tensor], team: any Team) {
    self.parameters = parameters
    self.team = team
    bucketOf = Array(repeating: 0, count: parameters.count)
    isReady = Array(repeating: false, count: parameters.count)
    guard !team.isAlone else { return }
    fillBuckets()
    let context = Unmanaged.passUnretained(self).toOpaque()
    for (index, parameter) in parameters.enumerated() {
      parameter.update { pointer in
        ct_set_gradient_hook(
          pointer,
          { context, index in
            guard let context else { return }
            Unmanaged<GradientExchange>.fromOpaque(context).takeUnretainedValue().arrived(index)
          }, context, index)
      }
    }
  }

  deinit {
    guard !team.isAlone else { return }
    for parameter in parameters { parameter.update { ct_set_gradient_hook($0, nil, nil, 0) } }
  }

  private func fillBuckets() {
    let limit = Self.bucketBytes / DType.float32.size
    var open: (members: [Int], elements: Int) = ([], 0)
    func close() {
      guard !open.members.isEmpty else { return }
      for index in open.members { bucketOf[index] = buckets.count }
      buckets.append(
        Bucket(
          members: open.members, elements: open.elements,
          values: Tensor.zeros([open.elements + open.members.count])))
      open = ([], 0)
    }
    for index in parameters.indices.reversed() {
      open.members.append(index)
      open.elements += parameters[index].count
      if open.elements >= limit { close() }
    }
    close()
  }

  /// The next backward is the last of a step: its gradients are summed. Those that earlier ones left are among them.
  package func begin() {
    guard !team.isAlone else { return }
    isExchanging = true
    started = 0
    for index in isReady.indices { isReady[index] = false }
    for index in buckets.indices {
      buckets[index].ready = 0
      buckets[index].values.fill_(0)
    }
  }

  /// Waits for the sums, and makes them the parameters' gradients.
  package func finish() throws {
    guard !team.isAlone else { return }
    isExchanging = false
    for index in buckets.indices.dropFirst(started) { start(index) }
    started = buckets.count
    for bucket in buckets {
      try bucket.sum?.wait()
      let flags = bucket.values.narrowed(dim: 0, from: bucket.elements, count: bucket.members.count)
        .floats()
      var first = 0
      for (place, index) in bucket.members.enumerated() {
        let parameter = parameters[index]
        let sum = bucket.values.narrowed(dim: 0, from: first, count: parameter.count)
        parameter.gradient = flags[place] > 0 ? sum.reshaped(parameter.shape) : nil
        first += parameter.count
      }
    }
  }

  /// Backward has added to a parameter's gradient.
  private func arrived(_ index: Int) {
    guard isExchanging, !isReady[index] else { return }
    isReady[index] = true
    buckets[bucketOf[index]].ready += 1
    while started < buckets.count, buckets[started].ready == buckets[started].members.count {
      start(started)
      started += 1
    }
  }

  private func start(_ number: Int) {
    let bucket = buckets[number]
    withoutGradient {
      var first = 0
      for (place, index) in bucket.members.enumerated() {
        let count = parameters[index].count
        if let gradient = parameters[index].gradient {
          bucket.values.narrowed(dim: 0, from: first, count: count)
            .copy_(gradient.contiguous().flattened())
          bucket.values.narrowed(dim: 0, from: bucket.elements + place, count: 1).fill_(1)
        }
        first += count
      }
    }
    buckets[number].sum = team.startSum(bucket.values)
  }
}

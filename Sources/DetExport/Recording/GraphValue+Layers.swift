package import DetNN
package import DetTensor

// Layers that run on values of a graph are recorded as inference computes them: batch norms folded into the convolution before
// them, standardised weights as constants.
extension GraphValue: LayerValue {
  package func through(
    _ conv: Conv2d, _ norm: Norm, adding residual: GraphValue?, _ activation: Activation
  ) -> GraphValue {
    var y: GraphValue
    switch norm {
    case .batch(let batch):
      y = convolved(conv) { conv.folded(batch) }
    case .group(let group):
      y = convolved(conv) { (conv.effectiveWeight, conv.bias) }.normalized(group)
    case .none:
      y = convolved(conv) { (conv.effectiveWeight, conv.bias) }
    }
    if let residual { y = y + residual }
    return y.activated(activation)
  }

  package func throughEach(_ convs: [Conv2d]) -> [GraphValue] { convs.map { $0(self) } }

  package func through(_ linear: Linear, _ activation: Activation) -> GraphValue {
    let x = builder.asWanted(self, by: linear.weight)
    let weight = x.weight(linear.weight)
    let bias = x.bias(linear.bias, beside: linear.weight, count: linear.weight.size(0))
    return x.apply(.linear, [weight, bias], shape: [shape[0], linear.weight.size(0)])
      .activated(activation)
  }

  /// Nine samplings in one: of every group of channels, the map is sampled at each tap's places, and a 1x1 convolution over all
  /// taps' channels follows.
  package func through(_ conv: DeformableConv2d, offsets: GraphValue) -> GraphValue {
    let (images, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    let (kernel, outputs) = (conv.weight.size(2), conv.weight.size(0))
    let taps = kernel * kernel
    let groups = offsets.shape[1] / (2 * taps)
    // [N · groups, taps, 2, H, W] → [N · groups, taps · H, W, 2], y then x; places in pixels of the map.
    let moves = offsets.to(.float32).reshaped([images * groups, taps, 2, height, width])
    func places(_ part: Int, _ size: Int, _ still: [Double]) -> GraphValue {
      let own = moves.sliced(2, from: part, to: part + 1)
        .reshaped([images * groups, taps * height, width, 1])
      let at = own + builder.numbers(still, shape: [1, taps * height, width, 1])
      // From pixels to -1 … 1 over the outer edges.
      return (at * 2 + 1) * (1 / Double(size)) - 1
    }
    func still(_ place: (_ tap: Int, _ y: Int, _ x: Int) -> Int) -> [Double] {
      (0..<taps).flatMap { tap in
        (0..<height).flatMap { y in (0..<width).map { x in Double(place(tap, y, x)) } }
      }
    }
    let y = places(0, height, still { tap, y, _ in y + tap / kernel - conv.padding })
    let x = places(1, width, still { tap, _, x in x + tap % kernel - conv.padding })
    let maps = to(.float32).reshaped([images * groups, channels / groups, height, width])
    let sampled = maps.apply(
      .gridSample, [.concatenated([x, y], 3)],
      shape: [images * groups, channels / groups, taps * height, width])
    let lowered = sampled.reshaped([images, channels * taps, height, width]).to(dtype)
    let weight = lowered.weight(
      conv.weight, as: conv.weight.reshaped([outputs, channels * taps, 1, 1]))
    let bias = lowered.bias(nil, beside: conv.weight, count: outputs)
    return lowered.apply(
      .convolution(stride: 1, padding: 0, dilation: 1, groups: 1), [weight, bias],
      shape: [images, outputs, height, width])
  }

  package func maxPooled(_ kernel: Int, stride: Int, padding: Int) -> GraphValue {
    apply(
      .maxPool(kernel: kernel, stride: stride, padding: padding),
      shape: shape.prefix(2) + shape.suffix(2).map { ($0 + 2 * padding - kernel) / stride + 1 })
  }

  package func interpolated(
    toHeight height: Int, width: Int, mode: Tensor.Interpolation
  ) -> GraphValue {
    switch mode {
    case .nearest:
      let sizes = shape.prefix(2) + [height, width]
      return apply(.nearestResize(to: Array(sizes)), shape: Array(sizes))
    case .bilinear: preconditionFailure("no layer of a detector blends pixels")
    }
  }

  package func relu() -> GraphValue { apply(.unary(.relu), shape: shape) }
  package func relu_() -> GraphValue { relu() }

  package func flattened(from: Int, through: Int) -> GraphValue {
    let last = through < 0 ? shape.count + through : through
    return reshaped(
      shape[..<from] + [shape[from...last].reduce(1, *)] + shape[(last + 1)...])
  }

  package func mean(_ dims: [Int], keepDims: Bool) -> GraphValue {
    let sizes = shape.indices.compactMap { index in
      dims.contains(index) ? (keepDims ? 1 : nil) : shape[index]
    }
    return apply(.mean(axes: dims, keeps: keepDims), shape: sizes)
  }

  package func to(_ dtype: DType) -> GraphValue {
    dtype == self.dtype ? self : apply(.cast(dtype), shape: shape, dtype: dtype)
  }

  package func channelsLast() -> GraphValue { self }
  package func detached() -> GraphValue { self }
}

extension GraphValue {
  private func convolved(
    _ conv: Conv2d, _ make: () -> (weight: Tensor, bias: Tensor?)
  ) -> GraphValue {
    let name = builder.name(of: conv.weight)
    return builder.at(name) {
      let x = builder.asWanted(self, by: conv.weight)
      let filters = builder.kept("\(name).\(x.dtype)") {
        builder.constant(make().weight.to(x.dtype), name)
      }
      let outputs = conv.weight.size(0)
      let bias = builder.kept("\(name).\(x.dtype).bias") {
        builder.constant(
          (make().bias ?? Tensor.zeros([outputs])).to(x.dtype), "\(name).folded_bias")
      }
      let reach = conv.dilation * (conv.weight.size(2) - 1) + 1
      let sizes = shape.suffix(2).map { ($0 + 2 * conv.padding - reach) / conv.stride + 1 }
      return x.apply(
        .convolution(
          stride: conv.stride, padding: conv.padding, dilation: conv.dilation,
          groups: conv.groups), [filters, bias], shape: [shape[0], outputs] + sizes)
    }
  }

  /// Weights as they are, of this value's kind.
  private func weight(
    _ tensor: Tensor, as values: Tensor? = nil, ending: String = ""
  ) -> GraphValue {
    let name = builder.name(of: tensor) + ending
    let values = values ?? tensor
    return builder.kept("\(name).\(dtype)") { builder.constant(values.to(dtype), name) }
  }

  /// A bias, or zeros where a layer has none.
  private func bias(_ bias: Tensor?, beside weight: Tensor, count: Int) -> GraphValue {
    if let bias { return self.weight(bias) }
    return self.weight(weight, as: Tensor.zeros([count]), ending: ".no_bias")
  }

  /// Group normalisation; its sums want more digits than half precision has.
  private func normalized(_ norm: GroupNorm) -> GraphValue {
    let (images, channels) = (shape[0], shape[1])
    let groups = norm.groups
    let x = to(.float32)
    let rows = x.reshaped([images, groups, -1])
    let plain = rows.apply(
      .instanceNormalization(epsilon: 1e-5),
      [
        builder.numbers(Array(repeating: 1, count: groups), shape: [groups]),
        builder.numbers(Array(repeating: 0, count: groups), shape: [groups]),
      ], shape: rows.shape)
    func perChannel(_ tensor: Tensor) -> GraphValue {
      x.weight(tensor, as: tensor.reshaped([1, channels, 1, 1]))
    }
    return (plain.reshaped(shape) * perChannel(norm.weight) + perChannel(norm.bias)).to(dtype)
  }

  private func activated(_ activation: Activation) -> GraphValue {
    switch activation {
    case .none: self
    case .relu: relu()
    case .relu6: clipped(low: 0, high: 6)
    }
  }
}

internal import CTorch

extension Tensor {
  /// The elements as another kind; itself when it is of that kind already.
  public func to(_ dtype: DType) -> Tensor { map { ct_to_dtype($0, dtype.rawValue, $1) } }

  /// The tensor on another device; itself when it is there already.
  public func to(_ device: Device) throws(TensorError) -> Tensor {
    let available = Torch.devices
    guard available.contains(device) else { throw .noDevice(device, available: available) }
    var out: OpaquePointer?
    let status = withExtendedLifetime(handle) {
      ct_to_device(pointer, device.kind, device.index, &out)
    }
    try require(status, "moving a tensor of the shape \(shape) to \(device)")
    guard let out else { fatalError("libtorch made no tensor") }
    return Tensor(TensorHandle(out))
  }

  /// The same where the device is known to be there: that of another tensor.
  package func moved(to device: Device) -> Tensor {
    map { ct_to_device($0, device.kind, device.index, $1) }
  }

  /// The elements in row-major order without gaps; itself when they lie so already.
  public func contiguous() -> Tensor { map { ct_contiguous($0, false, $1) } }

  /// The elements of an [N, C, H, W] tensor in the order N, H, W, C; itself when they lie so already.
  public func channelsLast() -> Tensor { map { ct_contiguous($0, true, $1) } }

  /// A copy with memory of its own, which gradients flow through.
  public func cloned() -> Tensor { map { ct_clone($0, $1) } }

  /// The same memory, which gradients do not flow through.
  public func detached() -> Tensor { map { ct_detach($0, $1) } }
}

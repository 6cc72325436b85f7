import DetNN
import DetSpec
import DetTensor

/// Layers of a backbone that are trained, or that stay as they were loaded and then have no backward.
struct FreezableLayers<Layers> {
  /// The layers.
  let layers: Layers
  private let part: FrozenPart?
  private let dtype: DType

  /// Makes the layers by the settings that they get.
  init(
    _ store: ParameterStore, _ settings: LayerSettings, isFrozen: Bool,
    _ make: (LayerSettings) -> Layers
  ) {
    dtype = settings.precision.dtype(on: store.device)
    if isFrozen {
      (layers, part) = FrozenPart.make(store) { make(settings.frozen) }
    } else {
      (layers, part) = (make(settings), nil)
    }
  }

  /// Runs the layers.
  func callAsFunction<Value>(_ run: (Layers) -> Value) -> Value {
    part?(in: dtype) { run(layers) } ?? run(layers)
  }
}
